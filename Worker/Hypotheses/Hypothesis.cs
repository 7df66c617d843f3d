namespace HpcFit.Worker.Hypotheses;

/// <summary>The statistic of a hypothesis.</summary>
internal enum HypothesisKind
{
    /// <summary>One linear combination of coefficients, with an estimate and a sign.</summary>
    T,

    /// <summary>One or more combinations that are tested together.</summary>
    F,
}

/// <summary>
/// A linear hypothesis about the p coefficients β of a model: C β = 0. Independent of the data, so it is the same at every element; whether
/// it is estimable depends on the element's model matrix.
/// </summary>
/// <remarks>
/// A test of type II compares two models, both without the terms that contain tested ones: C β = 0 is tested given that other combinations
/// G β are zero. With V the covariance of the estimates, L L' = [G; C] V [G; C]' and z = L⁻¹ [G; C] β, the test's sum of squares is the
/// squares of the last r values of z (nothing cancels, as it would in a difference of residual sums of squares).
/// </remarks>
/// <param name="Name">The first part of the names of its result columns.</param>
/// <param name="Kind">Its statistic.</param>
/// <param name="Rows">C: r linearly independent rows of p weights, in the order of the model matrix's columns.</param>
/// <param name="Given">G: rows of p weights; none, except for tests of type II.</param>
internal sealed record Hypothesis(string Name, HypothesisKind Kind, IReadOnlyList<double[]> Rows, IReadOnlyList<double[]> Given)
{
    /// <summary>
    /// Whether it is the difference between two levels of a factor, for which estimate / σ is Cohen's d.
    /// </summary>
    public bool IsLevelDifference { get; init; }

    /// <summary>
    /// The columns whose coefficients are tested, if C consists of such rows, otherwise null. Where columns are aliased, the test compares
    /// the models with and without these columns; other hypotheses must be estimable.
    /// </summary>
    public IReadOnlyList<int>? TestedColumns { get; } = UnitColumns(Rows);

    /// <summary>The columns whose coefficients are zero in both models.</summary>
    public IReadOnlyList<int> ExcludedColumns { get; } = UnitColumns(Given) ?? [];

    /// <summary>A contrast.</summary>
    public static Hypothesis Contrast(string name, double[] weights, bool isLevelDifference) =>
        new(name, HypothesisKind.T, [weights], []) { IsLevelDifference = isLevelDifference };

    private static int[]? UnitColumns(IReadOnlyList<double[]> rows)
    {
        var columns = rows.Select(row => Array.FindIndex(row, weight => weight != 0)).ToArray();
        return rows.Zip(columns).All(pair => IsUnit(pair.First, pair.Second)) ? columns : null;
    }

    private static bool IsUnit(double[] row, int column) => column >= 0 && row[column] == 1 && row.Count(weight => weight != 0) == 1;
}
