using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Functions;

/// <summary>
/// An element's data: the phenotypes of the subjects that are finite in all attached scalars, and one column per scalar. Arrays are copies:
/// changing them does not affect other elements.
/// </summary>
public sealed class ElementData
{
    private readonly CohortTable _phenotypes;
    private readonly IReadOnlyList<string> _scalars;
    private readonly double[] _values;
    private readonly int[] _rows;
    private readonly int _seed;

    /// <summary>The data of an element.</summary>
    /// <param name="phenotypes">The phenotypes of all subjects.</param>
    /// <param name="scalars">The attached scalars.</param>
    /// <param name="values">Their values, scalar by scalar, all subjects.</param>
    /// <param name="rows">The subjects that are finite in all of them.</param>
    /// <param name="seed">The seed of <see cref="Random"/>.</param>
    /// <param name="arguments">The user's further arguments by name.</param>
    internal ElementData(
        CohortTable phenotypes,
        IReadOnlyList<string> scalars,
        double[] values,
        int[] rows,
        int seed,
        IReadOnlyDictionary<string, string> arguments
    )
    {
        (_phenotypes, _scalars, _values, _rows, _seed, Arguments) = (phenotypes, scalars, values, rows, seed, arguments);
    }

    /// <summary>The number of subjects.</summary>
    public int Rows => _rows.Length;

    /// <summary>The columns: the phenotypes, then the scalars.</summary>
    public IEnumerable<string> Columns => [.. _phenotypes.Columns.Select(column => column.Name), .. _scalars];

    /// <summary>The values of <c>--function-args 'k=4, method="x"'</c>, without quotes.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; }

    /// <summary>A generator seeded for this element: its numbers do not depend on other elements or on the partition.</summary>
    public Random Random => field ??= new(_seed);

    /// <summary>A scalar, or a numeric or logical (1, 0) phenotype; NaN is missing.</summary>
    /// <exception cref="BadInputException">There is no such column, or it contains strings.</exception>
    public double[] this[string column]
    {
        get
        {
            for (var s = 0; s < _scalars.Count; s++)
            {
                if (_scalars[s] == column)
                    return Taken(_values.AsSpan(s * _phenotypes.Rows, _phenotypes.Rows));
            }
            return Phenotype(column) switch
            {
                NumericColumn numbers => Taken<double>(numbers.Values),
                LogicalColumn truths => Taken<double>(truths.Values),
                _ => throw new BadInputException($"The column '{column}' contains strings: read it as data.Texts(\"{column}\")."),
            };
        }
    }

    /// <summary>A character phenotype, or a factor's levels; null is missing.</summary>
    /// <exception cref="BadInputException">There is no such column, or it contains numbers.</exception>
    public string?[] Texts(string column) =>
        Phenotype(column) switch
        {
            TextColumn texts => Taken<string?>(texts.Values),
            FactorColumn factor => Taken<string?>([.. factor.Codes.Select(code => code < 0 ? null : factor.Levels[code])]),
            _ => throw new BadInputException($"The column '{column}' contains numbers: read it as data[\"{column}\"]."),
        };

    private CohortColumn Phenotype(string column) =>
        _phenotypes.Find(column)
        ?? throw new BadInputException($"The data have no column '{column}'. {NearestNames.Hint(column, Columns)}");

    private T[] Taken<T>(ReadOnlySpan<T> values)
    {
        var taken = new T[_rows.Length];
        for (var i = 0; i < taken.Length; i++)
            taken[i] = values[_rows[i]];
        return taken;
    }
}
