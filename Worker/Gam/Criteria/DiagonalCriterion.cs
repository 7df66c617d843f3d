using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The criterion of a model with one penalty, in coordinates in which data and penalty are both diagonal: no factorisation is needed, and
/// an evaluation costs a few operations per coordinate.
/// </summary>
/// <remarks>
/// Demmler and Reinsch 1975, Numer. Math. 24, 375-382; Wood 2017 (2nd ed.), §5.4.2. With a and d the diagonals of GᵀG and D, coordinate i
/// keeps the fraction <c>φ = a / (a + λ d)</c> of its projection and loses <c>κ = 1 - φ</c>; <c>∂κ/∂ρ = κ φ</c>.
/// </remarks>
internal sealed class DiagonalCriterion : SmoothnessCriterion
{
    private readonly double[] _data; // a
    private readonly double[] _lengths; // √a
    private readonly double[] _penalty; // d
    private readonly double[] _mlData;
    private readonly double[] _kept; // φ
    private readonly double[] _lost; // κ
    private readonly double[] _inverse; // 1 / (a + λ d)
    private readonly double[] _coefficients;

    /// <summary>Creates the workspace for a design with one penalty.</summary>
    public DiagonalCriterion(GamDesign design)
        : base(design)
    {
        var r = design.PenalisedCount;
        _data = [.. Enumerable.Range(0, r).Select(i => design.Gram[i, i])];
        _lengths = [.. Enumerable.Range(0, r).Select(i => design.Factor[i, i])];
        _penalty = design.Diagonals![0];
        _mlData = design.MlFactor is { } ml ? [.. new Algebra.OrthogonalColumns(ml).Values.Select(v => v * v)] : _data;
        (_kept, _lost, _inverse, _coefficients) = (new double[r], new double[r], new double[r], new double[r]);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => _coefficients;

    /// <inheritdoc/>
    public override double Influence(int i) => _kept[i];

    /// <inheritdoc/>
    public override double InfluenceSquared(int i) => _kept[i] * _kept[i];

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => i == j ? _inverse[i] : 0;

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j) => i == j ? _inverse[i] * _kept[i] : 0;

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < _inverse.Length; i++)
            result[i] = _inverse[i] * x[i];
    }

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k)
    {
        // ∂γ/∂ρ = -κ γ.
        var sum = 0.0;
        for (var i = 0; i < _data.Length; i++)
        {
            var slope = _lost[i] * _coefficients[i];
            sum += _data[i] * slope * slope;
        }
        return sum;
    }

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        var lambda = Lambda[0];
        double squares = 0,
            penalties = 0,
            degrees = 0,
            slope = 0,
            bend = 0,
            first = 0,
            second = 0,
            dFirst = 0,
            dSecond = 0;
        for (var i = 0; i < _data.Length; i++)
        {
            var share = 1 / (_data[i] + lambda * _penalty[i]);
            double phi = _data[i] * share,
                kappa = lambda * _penalty[i] * share,
                both = kappa * phi,
                f2 = f[i] * f[i];
            (_inverse[i], _kept[i], _lost[i]) = (share, phi, kappa);
            _coefficients[i] = _lengths[i] * f[i] * share;
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

    /// <summary><c>-Σ log κ</c>; for ML with the penalised columns' own Gram matrix.</summary>
    private double Determinant(double lambda)
    {
        double value = Design.LogDeterminantOfUnpenalised,
            product = 1,
            first = 0,
            second = 0;
        for (var i = 0; i < _mlData.Length; i++)
        {
            var share = 1 / (_mlData[i] + lambda * _penalty[i]);
            double phi = _mlData[i] * share,
                kappa = lambda * _penalty[i] * share;
            first += phi;
            second += kappa * phi;
            product *= kappa;
            if (product > 1e-100)
                continue;
            value -= ReproducibleMath.Log(product);
            product = 1;
        }
        (DeterminantGradient[0], DeterminantHessian[0]) = (-0.5 * first, 0.5 * second);
        return value - ReproducibleMath.Log(product);
    }
}
