using HpcFit.Coordinator.Tables;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>A term of a model with its statistics at every element. Missing values are NaN.</summary>
/// <param name="Name">The name in the columns.</param>
/// <param name="PValues">Uncorrected p-values.</param>
/// <param name="Decisive">The column that decides whether an element is a finding: <see cref="DecisiveColumn"/>.</param>
/// <param name="Decisions">Its values.</param>
internal sealed record Term(string Name, double[] PValues, NumberColumn Decisive, double[] Decisions)
{
    /// <summary>The estimates; null: the term has none, as smooths and models as a whole.</summary>
    public double[]? Estimates { get; private init; }

    /// <summary>Other columns of p-values that control the family-wise error by permutation, with their values.</summary>
    public IReadOnlyList<(string Name, double[] Values)> FamilyWise { get; private init; } = [];

    /// <summary>The side on which permutation tests look for effects.</summary>
    public TestedSide Side { get; private init; }

    /// <summary>
    /// Minus the magnitude of the statistic that the decisive p-value tests, on the tested side, which distinguishes elements with the same
    /// number of shuffles; null: the uncorrected p-value does.
    /// </summary>
    private double[]? StatisticRank { get; init; }

    /// <summary>Whether p-values are corrected for the number of elements.</summary>
    public bool IsCorrected => StatisticName.FromColumn(Decisive.Name).IsCorrected;

    /// <summary>Whether findings are decided by the family-wise error, controlled by permutation.</summary>
    public bool IsFamilyWise => StatisticName.FromColumn(Decisive.Name).IsFamilyWise;

    /// <summary>The terms of an analysis other than the intercept, in the order of its columns; the model as a whole is the last.</summary>
    public static IReadOnlyList<Term> ReadAll(ResultTable table)
    {
        var byTerm = table
            .Results.Select(column => (Column: column, Name: StatisticName.FromColumn(column.Name)))
            .Where(one => one.Name.IsOfEffect || one.Name.Term == "model")
            .GroupBy(one => one.Name.Term)
            .OrderBy(group => group.Key == "model" ? 1 : 0);
        return [.. byTerm.Select(group => Read(table, group.Key, [.. group])).OfType<Term>()];
    }

    /// <summary>Whether an element is below a threshold.</summary>
    public bool IsBelow(int row, double threshold) => Decisions[row] < threshold;

    /// <summary>A key by which stronger elements come first.</summary>
    public (double Decision, double Rank, int Row) Strength(int row) => (Decisions[row], (StatisticRank ?? PValues)[row], row);

    /// <summary>Whether the estimates of two elements are both negative, or neither is; true where the term has no estimates.</summary>
    public bool HasSameSign(int one, int other) => Estimates is null || (Estimates[one] < 0) == (Estimates[other] < 0);

    private static Term? Read(ResultTable table, string name, IReadOnlyList<(NumberColumn Column, StatisticName Name)> columns)
    {
        if (columns.FirstOrDefault(one => one.Name is { IsPValue: true, IsCorrected: false }).Column is not { } p)
            return null;
        var decisive = DecisiveColumn.Among(columns.Select(one => one.Column))!;
        var pValues = Values(table, p);
        var (side, test) = (table.SideOf(name), StatisticName.FromColumn(decisive.Name));
        // Both signs of a statistic have the order of the uncorrected p-value, which is two-sided.
        var statistic = test.OfEnhanced ?? (test.IsFamilyWise && side != TestedSide.Both ? "z" : null);
        var tested = statistic is null ? null : columns.FirstOrDefault(one => one.Name.Statistic == statistic).Column;
        return new(name, pValues, decisive, decisive == p ? pValues : Values(table, decisive))
        {
            Estimates = columns.FirstOrDefault(one => one.Name.Statistic == "estimate").Column is { } estimate
                ? Values(table, estimate)
                : null,
            Side = side,
            StatisticRank = tested is null
                ? null
                : Array.ConvertAll(Values(table, TermColumns.OnSide(tested, side)), value => -Math.Abs(value)),
            FamilyWise =
            [
                .. columns
                    .Where(one => one.Name.IsFamilyWise && one.Column != decisive)
                    .Select(one => (one.Column.Name, Values(table, one.Column))),
            ],
        };
    }

    private static double[] Values(ResultTable table, NumberColumn column)
    {
        var values = new double[table.Rows];
        column.Read(0, values);
        return values;
    }
}
