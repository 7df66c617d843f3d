using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Worker.Models;

/// <summary>
/// The result columns of an engine while it declares them: <c>element_id</c>; the statistics that workers compute, as they are added; the
/// corrections of p-values, which the merge computes; -log10 of the uncorrected p-values, which workers compute again.
/// </summary>
/// <typeparam name="TColumn">The engine's description of a column that workers compute.</typeparam>
internal sealed class DeclaredColumns<TColumn>
    where TColumn : IDeclaredColumn<TColumn>
{
    private readonly List<TColumn> _partial = [];
    private readonly List<string> _names = [];
    private List<ResultColumn> _columns = [new("element_id", ResultSource.ElementId)];

    /// <summary>What workers compute, in the order of partial files.</summary>
    public IReadOnlyList<TColumn> Partial => _partial;

    /// <summary>The columns as they were declared so far.</summary>
    public ResultLayout Layout => new(_names, _columns);

    /// <summary>Adds a column that workers compute.</summary>
    public void Add(string name, TColumn column)
    {
        _columns.Add(new(name, ResultSource.Partial, _partial.Count));
        _partial.Add(column);
        _names.Add(name);
    }

    /// <summary>Refuses two columns of one name. Names follow from those of variables, contrasts and tests.</summary>
    /// <exception cref="BadInputException">Two are equal, such as those of a variable <c>model</c> and of the model.</exception>
    public void RefuseTwins()
    {
        if (_names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"Two result columns would have the name '{twice.Key}', because a variable, contrast or test has a name that the results "
                    + "use, too. Rename it; a variable with --column 'NEW=OLD' and NEW in the formula."
            );
    }

    /// <summary>Adds the corrections of all p-values, correction outermost.</summary>
    /// <param name="requested">The spec's list; null: ModelArray's default.</param>
    /// <param name="option">Its option, for messages.</param>
    /// <exception cref="UsageException">There is no such correction.</exception>
    public void AddCorrections(IReadOnlyList<string>? requested, string option) => AddCorrections(requested, option, _ => true);

    /// <summary>Adds the corrections of some p-values, correction outermost; none if none is computed.</summary>
    /// <param name="requested">The spec's list; null: ModelArray's default.</param>
    /// <param name="option">Its option, for messages.</param>
    /// <param name="isOf">Whether a p-value is among those that the option is about.</param>
    /// <exception cref="UsageException">There is no such correction.</exception>
    public void AddCorrections(IReadOnlyList<string>? requested, string option, Func<TColumn, bool> isOf)
    {
        foreach (var (name, method) in RequestedStatistics.Corrections(requested, option))
            for (var i = 0; i < _partial.Count; i++)
                if (_partial[i].IsPValue && isOf(_partial[i]))
                    _columns.Add(new($"{_names[i]}.{name}", ResultSource.Correction, i, method));
    }

    /// <summary>Adds -log10 of every p-value, named <c>&lt;p-value column&gt;.neglog10</c>, if the model asks for them.</summary>
    public void AddLogarithms(ModelSpec model)
    {
        var declared = _partial.Count;
        for (var i = 0; model.Log10P && i < declared; i++)
            if (_partial[i].IsPValue)
                Add(_names[i] + ".neglog10", _partial[i].ToNegativeLog10());
    }

    /// <summary>Puts the columns into the order of an earlier ModelArray, if the model asks for it; those of partial files stay.</summary>
    /// <typeparam name="TGroup">The key of a group of <see cref="ReleasedColumnOrder"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="groupOf">The group of a column.</param>
    /// <param name="staysLast">The columns that stay after all others, besides logarithms.</param>
    public void Reorder<TGroup>(ModelSpec model, Func<TColumn, TGroup> groupOf, Func<TColumn, bool> staysLast)
    {
        if (model.ColumnOrder == ReleasedColumnOrder.Name)
            _columns = ReleasedColumnOrder.Apply(
                _columns,
                i => groupOf(_partial[i]),
                i => _partial[i].Statistic,
                i => _partial[i].NegativeLog10 || staysLast(_partial[i])
            );
    }
}
