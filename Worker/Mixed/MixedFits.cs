using HpcFit.Shared.Elements;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed;

/// <summary>
/// The fits of a block of elements, one value per element in each array, from which all statistics follow. NaN where an element was not
/// fitted, and for combinations of coefficients that are not estimated. A reused workspace of one thread.
/// </summary>
/// <param name="combinations">The number of coefficients, aliased ones included, and contrasts.</param>
/// <param name="tests">The number of F tests.</param>
internal sealed class MixedFits(int combinations, int tests)
{
    private double[] _estimates = [];
    private double[] _errors = [];
    private double[] _degrees = [];
    private double[] _f = [];
    private double[] _numerators = [];
    private double[] _denominators = [];

    /// <summary>The number of coefficients and contrasts.</summary>
    public int Combinations => combinations;

    /// <summary>The number of F tests.</summary>
    public int Tests => tests;

    /// <summary>Elements in the block.</summary>
    public int Count { get; private set; }

    /// <summary>The status of each element.</summary>
    public ElementStatus[] Status { get; private set; } = [];

    /// <summary>Rows in the fit.</summary>
    public double[] Rows { get; private set; } = [];

    /// <summary>Coefficients that are not aliased.</summary>
    public double[] Rank { get; private set; } = [];

    /// <summary>Groups with rows.</summary>
    public double[] Groups { get; private set; } = [];

    /// <summary>t, the ratio of the variances of groups and residuals.</summary>
    public double[] Ratio { get; private set; } = [];

    /// <summary>The residual variance.</summary>
    public double[] Variance { get; private set; } = [];

    /// <summary>-2 log L, restricted or not.</summary>
    public double[] Criterion { get; private set; } = [];

    /// <summary>The likelihood ratio statistic of the variance between groups.</summary>
    public double[] LikelihoodRatio { get; private set; } = [];

    /// <summary>The p-value of <see cref="LikelihoodRatio"/> by its simulated distribution; NaN unless it is requested.</summary>
    public double[] SimulatedP { get; private set; } = [];

    /// <summary>The variance of the fixed effects' fitted values.</summary>
    public double[] FixedVariance { get; private set; } = [];

    /// <summary>The estimates of a coefficient or contrast.</summary>
    public Span<double> Estimates(int combination) => _estimates.AsSpan(combination * Count, Count);

    /// <summary>Their standard errors.</summary>
    public Span<double> StandardErrors(int combination) => _errors.AsSpan(combination * Count, Count);

    /// <summary>The degrees of freedom of their tests.</summary>
    public Span<double> Degrees(int combination) => _degrees.AsSpan(combination * Count, Count);

    /// <summary>F of a test.</summary>
    public Span<double> F(int test) => _f.AsSpan(test * Count, Count);

    /// <summary>Its numerator's degrees of freedom.</summary>
    public Span<double> Numerators(int test) => _numerators.AsSpan(test * Count, Count);

    /// <summary>Its denominator's degrees of freedom.</summary>
    public Span<double> Denominators(int test) => _denominators.AsSpan(test * Count, Count);

    /// <summary>Stores the sizes of an element's fit.</summary>
    public void StoreRows(int element, GroupedDesign tables) =>
        (Rows[element], Rank[element], Groups[element]) = (tables.Rows, tables.Rank, tables.Groups);

    /// <summary>Stores the test of the variance between groups.</summary>
    /// <param name="element">The element.</param>
    /// <param name="fit">Its fit.</param>
    /// <param name="isRestricted">Whether likelihoods are restricted.</param>
    /// <param name="isSimulated">Whether the p-value is that of the simulated distribution.</param>
    public void StoreLikelihoodRatio(int element, MixedSolution fit, bool isRestricted, bool isSimulated)
    {
        LikelihoodRatio[element] = fit.Tables.LikelihoodRatio(fit, isRestricted);
        if (!isSimulated)
            return;
        fit.Tables.Null.Ensure(fit.Tables, isRestricted);
        SimulatedP[element] = fit.Tables.Null.P(LikelihoodRatio[element]);
    }

    /// <summary>Begins a block; every value is NaN afterwards.</summary>
    public void Start(int count)
    {
        if (Status.Length < count)
            Reserve(count);
        Count = count;
        foreach (var values in (ReadOnlySpan<double[]>)[_estimates, _errors, _degrees, _f, _numerators, _denominators, Rows, Rank, Groups])
            Array.Fill(values, double.NaN);
        foreach (var values in (ReadOnlySpan<double[]>)[Ratio, Variance, Criterion, FixedVariance, LikelihoodRatio, SimulatedP])
            Array.Fill(values, double.NaN);
    }

    private void Reserve(int count)
    {
        Status = new ElementStatus[count];
        (_estimates, _errors, _degrees) = (
            new double[combinations * count],
            new double[combinations * count],
            new double[combinations * count]
        );
        (_f, _numerators, _denominators) = (new double[tests * count], new double[tests * count], new double[tests * count]);
        (LikelihoodRatio, SimulatedP) = (new double[count], new double[count]);
        (Rows, Rank, Groups) = (new double[count], new double[count], new double[count]);
        (Ratio, Variance, Criterion, FixedVariance) = (new double[count], new double[count], new double[count], new double[count]);
    }
}
