using HpcFit.Shared.Elements;

namespace HpcFit.Worker.Linear;

/// <summary>
/// The least squares fits of a block of elements, one value per element in each array, from which all of lm's statistics follow.
/// NaN where an element was not fitted, and in the coefficients that are aliased. A reused workspace of one thread.
/// </summary>
internal sealed class LinearFits(int coefficients, InferencePlan? plan = null)
{
    private double[] _estimates = [];
    private double[] _variances = [];

    /// <summary>Elements in the block.</summary>
    public int Count { get; private set; }

    /// <summary>Coefficients, aliased ones included.</summary>
    public int Coefficients => coefficients;

    /// <summary>Subjects in the fit, without those of weight 0.</summary>
    public double[] Rows { get; private set; } = [];

    /// <summary>Coefficients that are not aliased.</summary>
    public double[] Rank { get; private set; } = [];

    /// <summary>Σ w r², r the residuals.</summary>
    public double[] ResidualSquares { get; private set; } = [];

    /// <summary>Σ w (f - m)², f the fitted values, offset included, and m their weighted mean; m = 0 without an intercept.</summary>
    public double[] ModelSquares { get; private set; } = [];

    /// <summary>Σ log w; 0 without weights.</summary>
    public double[] LogWeights { get; private set; } = [];

    /// <summary>Contrasts and F tests.</summary>
    public HypothesisFits Tests { get; } =
        new(
            plan?.Hypotheses.Count ?? 0,
            plan is { Standardises: true } ? coefficients : 0,
            plan is { IsRobust: true } ? coefficients + plan.Hypotheses.Count : 0
        );

    /// <summary>The status of each element.</summary>
    public ElementStatus[] Status { get; private set; } = [];

    /// <summary>Estimates of one coefficient.</summary>
    public Span<double> Estimates(int coefficient) => _estimates.AsSpan(coefficient * Count, Count);

    /// <summary>Unscaled variances of one coefficient, the diagonal of (X'WX)⁻¹.</summary>
    public Span<double> Variances(int coefficient) => _variances.AsSpan(coefficient * Count, Count);

    /// <summary>Begins a block; every value is NaN afterwards.</summary>
    public void Start(int count)
    {
        if (Rows.Length < count)
            Reserve(count);
        Count = count;
        Tests.Start(count);
        foreach (var values in (ReadOnlySpan<double[]>)[_estimates, _variances, Rows, Rank, ResidualSquares, ModelSquares, LogWeights])
            Array.Fill(values, double.NaN);
    }

    private void Reserve(int count)
    {
        _estimates = new double[coefficients * count];
        _variances = new double[coefficients * count];
        Rows = new double[count];
        Rank = new double[count];
        ResidualSquares = new double[count];
        ModelSquares = new double[count];
        LogWeights = new double[count];
        Status = new ElementStatus[count];
    }
}
