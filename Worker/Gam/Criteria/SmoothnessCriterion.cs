using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The smoothness selection criterion of one element at log smoothing parameters ρ, with exact gradient and Hessian. A workspace, not
/// thread-safe: after an evaluation it holds everything the fit's statistics need. How the penalised equations <c>H γ = Gᵀf</c>, <c>H = GᵀG
/// + Σ λⱼ Dⱼ</c>, are solved is left to derived types.
/// </summary>
/// <remarks>
/// Wood 2008, J. R. Statist. Soc. B 70, 495-518 (GCV, GACV); Wood 2011, J. R. Statist. Soc. B 73, 3-36 (REML, ML). With the scale φ
/// profiled, REML is <c>Dp/(2φγ) + n/(2γ) log 2πφ - M/2 log(2πφ/γ) + (log|XᵀX+S| - log|S|₊)/2</c>; ML integrates over the penalised
/// directions only (its M is 0). The P- forms put <c>φ = D/(n - M)</c>, with M as in REML, for φ. GCV and GACV are minimised as logarithms.
/// </remarks>
internal abstract class SmoothnessCriterion
{
    private const double LogTwoPi = 1.8378770664093454836;
    private readonly int _m;
    private readonly double[] _lambda;
    private bool _hasDerivatives;
    private double _determinant; // log|XᵀX+S| - log|S|₊ at the last evaluation
    private readonly double[] _dpGradient,
        _dpHessian,
        _dGradient,
        _dHessian,
        _edfGradient,
        _edfHessian,
        _detGradient,
        _detHessian;

    /// <summary>Creates the workspace for a design with at least one penalty.</summary>
    protected SmoothnessCriterion(GamDesign design)
    {
        Design = design;
        _m = design.PenaltyCount;
        _lambda = new double[_m];
        (_dpGradient, _dGradient, _edfGradient, _detGradient) = (new double[_m], new double[_m], new double[_m], new double[_m]);
        (_dpHessian, _dHessian, _edfHessian, _detHessian) = (
            new double[_m * _m],
            new double[_m * _m],
            new double[_m * _m],
            new double[_m * _m]
        );
    }

    /// <summary>The design.</summary>
    protected GamDesign Design { get; }

    /// <summary>The number of evaluations, a measure of a search's cost.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The criterion at the last evaluation; NaN if it is not defined.</summary>
    public double Value { get; private set; }

    /// <summary>λ at the last evaluation, then the entries of factors of covariances.</summary>
    public ReadOnlySpan<double> Lambda => _lambda;

    /// <summary>‖√w (y - offset - Xβ)‖² at the last evaluation.</summary>
    public double Deviance { get; protected set; }

    /// <summary>The deviance plus βᵀSβ.</summary>
    public double PenalisedDeviance { get; protected set; }

    /// <summary>The trace of the influence matrix.</summary>
    public virtual double EffectiveDegrees { get; protected set; }

    /// <summary>The scale φ in the likelihood at the last evaluation.</summary>
    public double Scale { get; private set; }

    /// <summary>∂ penalised deviance / ∂ρ.</summary>
    public Span<double> PenalisedDevianceGradient => _dpGradient;

    /// <summary>Its second derivatives, m × m.</summary>
    public Span<double> PenalisedDevianceHessian => _dpHessian;

    /// <summary>∂ deviance / ∂ρ.</summary>
    public Span<double> DevianceGradient => _dGradient;

    /// <summary>Its second derivatives, m × m.</summary>
    public Span<double> DevianceHessian => _dHessian;

    /// <summary>∂ effective degrees / ∂ρ.</summary>
    public virtual Span<double> DegreesGradient => _edfGradient;

    /// <summary>Their second derivatives, m × m; computed only for prediction error criteria.</summary>
    public Span<double> DegreesHessian => _edfHessian;

    /// <summary>Half the derivative of <c>log|XᵀX+S| - log|S|₊</c>; computed only for likelihoods.</summary>
    public Span<double> DeterminantGradient => _detGradient;

    /// <summary>Its second derivatives, m × m.</summary>
    public Span<double> DeterminantHessian => _detHessian;

    /// <summary>γ at the last evaluation.</summary>
    public abstract ReadOnlySpan<double> Coefficients { get; }

    /// <summary>The diagonal of the influence <c>F = H⁻¹GᵀG</c>: effective degrees of freedom by coordinate.</summary>
    public abstract double Influence(int i);

    /// <summary>The diagonal of <c>F F</c>.</summary>
    public abstract double InfluenceSquared(int i);

    /// <summary>Writes <c>H⁻¹ x</c>.</summary>
    public abstract void Solve(ReadOnlySpan<double> x, Span<double> result);

    /// <summary><c>H⁻¹</c> at (i, j).</summary>
    public abstract double Inverse(int i, int j);

    /// <summary><c>H⁻¹ GᵀG H⁻¹</c> at (i, j).</summary>
    public abstract double InverseOfData(int i, int j);

    /// <summary><c>(∂γ/∂ρⱼ)ᵀ GᵀG (∂γ/∂ρₖ)</c>.</summary>
    public abstract double FittedSlopes(int j, int k);

    /// <summary>The fastest implementation for a design, or the <paramref name="textbook"/> one.</summary>
    public static SmoothnessCriterion For(GamDesign design, bool textbook) =>
        design.Absorbed is not null ? new AbsorbedCriterion(design)
        : design.Blocks is not null ? new BlockedCriterion(design)
        : textbook || !design.IsWellConditioned ? new StackedCriterion(design)
        : design.HasOnePenalty ? new DiagonalCriterion(design)
        : new DenseCriterion(design);

    /// <summary>Takes an element, before the first evaluation for it.</summary>
    /// <param name="f">Its projections, with the sums of an absorbed effect.</param>
    public virtual void Start(ReadOnlySpan<double> f) { }

    /// <summary>
    /// Evaluates the criterion for an element with projections <paramref name="f"/> and residual sum of squares
    /// <paramref name="residual"/>.
    /// </summary>
    /// <returns>The criterion (for GCV and GACV its logarithm); NaN, without derivatives, if it is not defined.</returns>
    public double Evaluate(ReadOnlySpan<double> f, double residual, ReadOnlySpan<double> rho, Span<double> gradient, Span<double> hessian)
    {
        Evaluate(f, residual, rho);
        Differentiate(gradient, hessian);
        return Value;
    }

    /// <summary>The same without derivatives, which <see cref="Differentiate"/> computes if they are wanted.</summary>
    public double Evaluate(ReadOnlySpan<double> f, double residual, ReadOnlySpan<double> rho)
    {
        Evaluations++;
        for (var j = 0; j < _m; j++)
            _lambda[j] =
                Design.FixedParameters[j] >= 0 ? Design.FixedParameters[j]
                : j < Design.FirstCovariance ? ReproducibleMath.Exp(rho[j])
                : rho[j];
        _hasDerivatives = false;
        _determinant = Measure(f[Design.UnpenalisedCount..], residual);
        if (double.IsNaN(_determinant))
            return Value = double.NaN;
        return Value = Design.Method switch
        {
            SmoothnessMethod.Gcv => Gcv(),
            SmoothnessMethod.Gacv => Gacv(),
            _ => Likelihood(),
        };
    }

    /// <summary>Writes the derivatives of the last evaluation's criterion; nothing if that is not defined.</summary>
    /// <param name="gradient">m values.</param>
    /// <param name="hessian">m × m.</param>
    public void Differentiate(Span<double> gradient, Span<double> hessian)
    {
        if (double.IsNaN(Value))
            return;
        CompleteDerivatives();
        switch (Design.Method)
        {
            case SmoothnessMethod.Gcv:
                DifferentiateGcv(gradient, hessian);
                break;
            case SmoothnessMethod.Gacv:
                DifferentiateGacv(gradient, hessian);
                break;
            default:
                DifferentiateLikelihood(gradient, hessian);
                break;
        }
    }

    /// <summary>
    /// Solves at <see cref="Lambda"/> and sets deviances, degrees and all derivatives but those of <see cref="MeasureDerivatives"/>;
    /// returns <c>log|XᵀX+S| - log|S|₊</c> (unspecified for prediction error criteria), NaN if H is singular.
    /// </summary>
    protected abstract double Measure(ReadOnlySpan<double> f, double residual);

    /// <summary>Sets the derivatives that <see cref="Measure"/> leaves for those evaluations that need them.</summary>
    protected virtual void MeasureDerivatives() { }

    /// <summary>Makes sure that the derivatives of the last evaluation are set.</summary>
    protected void CompleteDerivatives()
    {
        if (!_hasDerivatives)
            MeasureDerivatives();
        _hasDerivatives = true;
    }

    private double Gcv()
    {
        var left = Design.Counted - Design.Gamma * EffectiveDegrees;
        return left <= 0 || Deviance <= 0 ? double.NaN : ReproducibleMath.Log(Design.Counted * Deviance / (left * left));
    }

    private void DifferentiateGcv(Span<double> gradient, Span<double> hessian)
    {
        var left = Design.Counted - Design.Gamma * EffectiveDegrees;
        for (var j = 0; j < _m; j++)
        {
            gradient[j] = _dGradient[j] / Deviance + 2 * Design.Gamma * _edfGradient[j] / left;
            for (var k = 0; k < _m; k++)
                hessian[j * _m + k] =
                    _dHessian[j * _m + k] / Deviance
                    - _dGradient[j] * _dGradient[k] / (Deviance * Deviance)
                    + 2 * Design.Gamma * _edfHessian[j * _m + k] / left
                    + 2 * Design.Gamma * Design.Gamma * _edfGradient[j] * _edfGradient[k] / (left * left);
        }
    }

    // (D/n)(1 + 2γτ/(n-γτ)): the factor is u/v with u = n + γτ, v = n - γτ.
    private (double U, double V) GacvFactor() =>
        (Design.Rows + Design.Gamma * EffectiveDegrees, Design.Rows - Design.Gamma * EffectiveDegrees);

    private double Gacv()
    {
        var (u, v) = GacvFactor();
        return v <= 0 || Deviance <= 0 ? double.NaN : ReproducibleMath.Log(Deviance / Design.Rows * u / v);
    }

    private void DifferentiateGacv(Span<double> gradient, Span<double> hessian)
    {
        var gamma = Design.Gamma;
        var (u, v) = GacvFactor();
        double first = gamma / u + gamma / v,
            second = gamma * gamma * (1 / (v * v) - 1 / (u * u));
        for (var j = 0; j < _m; j++)
        {
            gradient[j] = _dGradient[j] / Deviance + first * _edfGradient[j];
            for (var k = 0; k < _m; k++)
                hessian[j * _m + k] =
                    _dHessian[j * _m + k] / Deviance
                    - _dGradient[j] * _dGradient[k] / (Deviance * Deviance)
                    + first * _edfHessian[j * _m + k]
                    + second * _edfGradient[j] * _edfGradient[k];
        }
    }

    private bool HasPearsonScale => Design.Method is SmoothnessMethod.PearsonReml or SmoothnessMethod.PearsonMl;

    /// <summary>The number of rows that determine the scale of a likelihood.</summary>
    private double Weight(int integrated) => Design.Counted / Design.Gamma - integrated;

    private int Integrated => Design.Method is SmoothnessMethod.Reml or SmoothnessMethod.PearsonReml ? Design.IntegratedCount : 0;

    private double Likelihood()
    {
        var integrated = Integrated;
        var scale = HasPearsonScale
            ? Deviance / (Design.Counted - Design.IntegratedCount)
            : PenalisedDeviance / Design.Gamma / Weight(integrated);
        if (!(scale > 0))
            return double.NaN;
        Scale = scale;
        var log = ReproducibleMath.Log(scale);
        return PenalisedDeviance / (2 * scale * Design.Gamma)
            + Design.Counted / (2 * Design.Gamma) * (LogTwoPi + log)
            - integrated / 2.0 * (LogTwoPi + log - ReproducibleMath.Log(Design.Gamma))
            + _determinant / 2;
    }

    private void DifferentiateLikelihood(Span<double> gradient, Span<double> hessian)
    {
        var (weight, pearson, scale) = (Weight(Integrated), HasPearsonScale, Scale);
        for (var j = 0; j < _m; j++)
        {
            gradient[j] = _dpGradient[j] / (2 * scale * Design.Gamma) + _detGradient[j];
            if (pearson)
                gradient[j] += ScaleSlope(weight, scale) * _dGradient[j] / Deviance;
            for (var k = 0; k < _m; k++)
            {
                var value2 = _dpHessian[j * _m + k] / (2 * scale * Design.Gamma) + _detHessian[j * _m + k];
                if (!pearson)
                    value2 -= weight / 2 * _dpGradient[j] * _dpGradient[k] / (PenalisedDeviance * PenalisedDeviance);
                else
                    value2 += PearsonCurvature(weight, scale, j, k);
                hessian[j * _m + k] = value2;
            }
        }
    }

    /// <summary>The likelihood at the last evaluation's λ and a separate scale φ.</summary>
    /// <param name="logScale">log φ.</param>
    public double ValueAtScale(double logScale)
    {
        var weight = Weight(Integrated);
        var misfit = PenalisedDeviance / (2 * ReproducibleMath.Exp(logScale) * Design.Gamma);
        return Value + misfit - weight / 2 + weight / 2 * (logScale - ReproducibleMath.Log(Scale));
    }

    /// <summary>Its derivatives in (ρ, log φ): the scale is the last coordinate.</summary>
    /// <param name="logScale">log φ.</param>
    /// <param name="gradient">m + 1 values.</param>
    /// <param name="hessian">(m + 1) × (m + 1).</param>
    public void DifferentiateAtScale(double logScale, Span<double> gradient, Span<double> hessian)
    {
        CompleteDerivatives();
        var denominator = 2 * ReproducibleMath.Exp(logScale) * Design.Gamma;
        var misfit = PenalisedDeviance / denominator;
        for (var j = 0; j < _m; j++)
        {
            gradient[j] = _dpGradient[j] / denominator + _detGradient[j];
            hessian[j * (_m + 1) + _m] = hessian[_m * (_m + 1) + j] = -_dpGradient[j] / denominator;
            for (var k = 0; k < _m; k++)
                hessian[j * (_m + 1) + k] = _dpHessian[j * _m + k] / denominator + _detHessian[j * _m + k];
        }
        gradient[_m] = Weight(Integrated) / 2 - misfit;
        hessian[_m * (_m + 1) + _m] = misfit;
    }

    /// <summary>∂V/∂ log φ at the last evaluation's scale.</summary>
    private double ScaleSlope(double weight, double scale) => weight / 2 - PenalisedDeviance / (2 * scale * Design.Gamma);

    private double PearsonCurvature(double weight, double scale, int j, int k)
    {
        double lj = _dGradient[j] / Deviance,
            lk = _dGradient[k] / Deviance;
        var bend = _dHessian[j * _m + k] / Deviance - lj * lk;
        return ScaleSlope(weight, scale) * bend
            + PenalisedDeviance / (2 * scale * Design.Gamma) * lj * lk
            - (_dpGradient[j] * lk + _dpGradient[k] * lj) / (2 * scale * Design.Gamma);
    }
}
