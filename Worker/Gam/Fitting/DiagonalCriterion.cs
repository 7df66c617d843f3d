using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The criterion of a model with one penalty, in coordinates in which data and penalty are both diagonal: nothing is factorised, and an
/// evaluation costs a few operations a coordinate.
/// </summary>
/// <remarks>
/// Demmler and Reinsch 1975, Numer. Math. 24, 375-382; Wood 2017 (2nd ed.), §5.4.2. With a and d the diagonals of GᵀG and D, coordinate i
/// keeps the share <c>φ = a / (a + λ d)</c> of its projection and loses <c>κ = 1 - φ</c>; <c>∂κ/∂ρ = κ φ</c>.
/// </remarks>
internal sealed class DiagonalCriterion : SmoothnessCriterion
{
    private readonly double[] data;          // a
    private readonly double[] lengths;       // √a
    private readonly double[] penalty;       // d
    private readonly double[] mlData;
    private readonly double[] kept;          // φ
    private readonly double[] lost;          // κ
    private readonly double[] inverse;       // 1 / (a + λ d)
    private readonly double[] coefficients;

    /// <summary>Makes the workspace for a design with one penalty.</summary>
    public DiagonalCriterion(GamDesign design)
        : base(design)
    {
        var r = design.PenalisedCount;
        data = [.. Enumerable.Range(0, r).Select(i => design.Gram[i, i])];
        lengths = [.. Enumerable.Range(0, r).Select(i => design.Factor[i, i])];
        penalty = design.Diagonals![0];
        mlData = design.MlFactor is { } ml ? [.. new Algebra.OrthogonalColumns(ml).Values.Select(v => v * v)] : data;
        (kept, lost, inverse, coefficients) = (new double[r], new double[r], new double[r], new double[r]);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => coefficients;

    /// <inheritdoc/>
    public override double Influence(int i) => kept[i];

    /// <inheritdoc/>
    public override double InfluenceSquared(int i) => kept[i] * kept[i];

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => i == j ? inverse[i] : 0;

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j) => i == j ? inverse[i] * kept[i] : 0;

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < inverse.Length; i++) result[i] = inverse[i] * x[i];
    }

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k)
    {
        // ∂γ/∂ρ = -κ γ.
        var sum = 0.0;
        for (var i = 0; i < data.Length; i++)
        {
            var slope = lost[i] * coefficients[i];
            sum += data[i] * slope * slope;
        }
        return sum;
    }

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        var lambda = Lambda[0];
        double squares = 0, penalties = 0, degrees = 0, slope = 0, bend = 0, first = 0, second = 0, dFirst = 0, dSecond = 0;
        for (var i = 0; i < data.Length; i++)
        {
            var share = 1 / (data[i] + lambda * penalty[i]);
            double phi = data[i] * share, kappa = lambda * penalty[i] * share, both = kappa * phi, f2 = f[i] * f[i];
            (inverse[i], kept[i], lost[i]) = (share, phi, kappa);
            coefficients[i] = lengths[i] * f[i] * share;
            squares += kappa * kappa * f2;
            penalties += both * f2;
            degrees += phi;
            slope += both;
            bend += both * (phi - kappa);
            first += both * f2;
            second += both * (phi - kappa) * f2;
            dFirst += kappa * both * f2;
            dSecond += kappa * both * (2 * phi - kappa) * f2;
        }
        Deviance = residual + squares;
        PenalisedDeviance = Deviance + penalties;
        EffectiveDegrees = Design.UnpenalisedCount + degrees;
        (DegreesGradient[0], DegreesHessian[0]) = (-slope, -bend);
        (PenalisedDevianceGradient[0], PenalisedDevianceHessian[0]) = (first, second);
        (DevianceGradient[0], DevianceHessian[0]) = (2 * dFirst, 2 * dSecond);
        return Design.Method.IsLikelihood() ? Determinant(lambda) : 0;
    }

    /// <summary><c>-Σ log κ</c>, of the penalised columns' own shares for ML.</summary>
    private double Determinant(double lambda)
    {
        double value = Design.LogDeterminantOfUnpenalised, product = 1, first = 0, second = 0;
        for (var i = 0; i < mlData.Length; i++)
        {
            var share = 1 / (mlData[i] + lambda * penalty[i]);
            double phi = mlData[i] * share, kappa = lambda * penalty[i] * share;
            first += phi;
            second += kappa * phi;
            product *= kappa;
            if (product > 1e-100) continue;
            value -= ReproducibleMath.Log(product);
            product = 1;
        }
        (DeterminantGradient[0], DeterminantHessian[0]) = (-0.5 * first, 0.5 * second);
        return value - ReproducibleMath.Log(product);
    }
}
