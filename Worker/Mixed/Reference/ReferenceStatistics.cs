using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Results;

namespace HpcFit.Worker.Mixed.Reference;

/// <summary>The statistics of a reference fit, from their definitions.</summary>
/// <remarks>
/// Satterthwaite's degrees of freedom from derivatives of the covariance of fixed effects and a Hessian by differences of the gradient
/// (Kuznetsova, Brockhoff, Christensen 2017, J. Stat. Softw. 82(13)); Kenward and Roger's from products of n × n matrices.
/// </remarks>
internal sealed class ReferenceStatistics
{
    private const double Flat = 1e-8;
    private const double SingularTheta = 1e-4;

    private readonly ReferenceTables _tables;
    private readonly ReferenceProfile _profile;
    private readonly IReadOnlyList<ReferenceTerm> _terms;
    private readonly MixedSpec _options;
    private readonly double[] _theta;
    private readonly double _variance;
    private readonly DenseMatrix[] _informationSlopes;
    private readonly double[] _crossHessian;
    private readonly SymmetricEigen? _eigen;
    private readonly KenwardRogerCovariance? _kenwardRoger;
    private readonly double _criterion;
    private readonly double _randomVariance;
    private readonly double _fixedVariance;
    private readonly DenseMatrix[] _restored;

    /// <param name="tables">The rows.</param>
    /// <param name="terms">The random terms.</param>
    /// <param name="profile">The profile, evaluated at θ.</param>
    /// <param name="theta">The minimum.</param>
    /// <param name="options">The arguments of the model.</param>
    public ReferenceStatistics(
        ReferenceTables tables,
        IReadOnlyList<ReferenceTerm> terms,
        ReferenceProfile profile,
        double[] theta,
        MixedSpec options
    )
    {
        (_tables, _terms, _profile, _theta, _options) = (tables, terms, profile, theta, options);
        (_variance, _criterion) = (profile.Squares / profile.Degrees, profile.Criterion);
        Coordinates = [.. profile.Coordinates];
        Covariance = profile.Covariance;
        _informationSlopes = [.. Enumerable.Range(0, theta.Length).Select(k => Form(profile.Slope(k, theta)))];
        var sigma = Math.Sqrt(_variance);
        _crossHessian =
        [
            .. Enumerable.Range(0, theta.Length).Select(k => 2 * profile.SquaresOf(profile.Slope(k, theta)) / (_variance * sigma)),
        ];
        _restored = [.. Enumerable.Range(0, terms.Count).Select(Restored)];
        (_randomVariance, _fixedVariance) = (RandomVariance(), FixedVariance());
        if (options.Df == MixedSpec.KenwardRoger)
            _kenwardRoger = KenwardRoger();
        if (options.Df == MixedSpec.Satterthwaite)
        {
            _eigen = new(Hessian());
            profile.Evaluate(theta);
        }
    }

    /// <summary>The fixed effects in coordinates on Q.</summary>
    public double[] Coordinates { get; }

    /// <summary>Their covariance over the residual variance.</summary>
    public DenseMatrix Covariance { get; }

    /// <summary>A statistic of a combination of the coordinates.</summary>
    public double Effect(ReadOnlySpan<double> functional, in MixedColumn column)
    {
        if (functional.IsEmpty || double.IsNaN(functional[0]))
            return double.NaN;
        var estimate = FixedOrder.Dot(functional, Coordinates);
        var (variance, degrees) = VarianceOf(functional);
        var error = Math.Sqrt(_variance * variance);
        var t = estimate / error;
        return column.Statistic switch
        {
            "estimate" => estimate,
            "std.error" => error,
            "df" => degrees,
            "statistic" => t,
            "p.value" when column.NegativeLog10 => -StudentT.TwoSidedLogP(t, degrees) / ReproducibleMath.LnTen,
            "p.value" => StudentT.TwoSidedP(t, degrees),
            "conf.low" => estimate - (StudentTQuantile.TwoSided(1 - _options.ConfLevel!.Value, degrees) * error),
            "conf.high" => estimate + (StudentTQuantile.TwoSided(1 - _options.ConfLevel!.Value, degrees) * error),
            "cohens.d" => estimate / Math.Sqrt(_randomVariance + _variance),
            var size => TestEffectSize.Value(size, t * t, degrees, t),
        };
    }

    /// <summary>A statistic of an F test.</summary>
    public double Test(ReadOnlySpan<double> functionals, int count, in MixedColumn column)
    {
        if (count == 0)
            return double.NaN;
        var (f, degrees) = FOf(functionals, count);
        return column.Statistic switch
        {
            "F.statistic" => f,
            "F.df1" => count,
            "F.df2" => degrees,
            "F.p.value" when column.NegativeLog10 => -FisherF.UpperLogP(f, count, degrees) / ReproducibleMath.LnTen,
            "F.p.value" => FisherF.UpperP(f, count, degrees),
            var size => TestEffectSize.Value(size[2..], f * count, degrees, 1),
        };
    }

    /// <summary>A standard deviation or correlation of random effects.</summary>
    public double Random(int term, int first, int second)
    {
        var factor = _restored[term];
        var product = FixedOrder.Dot(factor.Row(first), factor.Row(second));
        if (first == second)
            return Math.Sqrt(_variance * product);
        var (a, b) = (FixedOrder.Dot(factor.Row(first), factor.Row(first)), FixedOrder.Dot(factor.Row(second), factor.Row(second)));
        return Math.Clamp(product / Math.Sqrt(a * b), -1, 1);
    }

    /// <summary>The residual standard deviation.</summary>
    public double Residual => Math.Sqrt(_variance);

    /// <summary>The criterion of the minimum.</summary>
    public double Criterion => _criterion;

    /// <summary>The number of groups of a term.</summary>
    public int Groups(int term) => _tables.Levels[term].Distinct().Count();

    /// <summary>A statistic of the model.</summary>
    public double Model(string statistic)
    {
        var parameters = _profile.Rank + _theta.Length + 1;
        var total = _fixedVariance + _randomVariance + _variance;
        return statistic switch
        {
            "logLik" => -_criterion / 2,
            "AIC" => _criterion + (2 * parameters),
            "BIC" => _criterion + (ReproducibleMath.Log(_profile.Rows) * parameters),
            "REMLcrit" or "deviance" => _criterion,
            "sigma" => Residual,
            "icc" => _randomVariance / (_randomVariance + _variance),
            "r2.marginal" => _fixedVariance / total,
            "r2.conditional" => (_fixedVariance + _randomVariance) / total,
            "singular" => IsSingular() ? 1 : 0,
            "nobs" => _profile.Rows,
            _ => throw new ArgumentException($"lmm has no statistic '{statistic}' of the model.", nameof(statistic)),
        };
    }

    private (double Variance, double Degrees) VarianceOf(ReadOnlySpan<double> functional)
    {
        var matrix = _kenwardRoger is null ? Covariance.Values : _kenwardRoger.Adjusted;
        var variance = Quadratic(functional, matrix, functional);
        return (
            variance,
            _options.Df switch
            {
                MixedSpec.Normal => double.PositiveInfinity,
                MixedSpec.Residual => _profile.Rows - _profile.Rank,
                MixedSpec.KenwardRoger => _kenwardRoger!.Approximate(Covariance.Values, functional, 1).Degrees,
                _ => Satterthwaite(functional, variance),
            }
        );
    }

    private double Satterthwaite(ReadOnlySpan<double> functional, double variance)
    {
        var count = _theta.Length;
        var gradient = new double[count + 1];
        for (var k = 0; k < count; k++)
            gradient[k] = _variance * Quadratic(functional, _informationSlopes[k].Values, functional);
        gradient[count] = 2 * Math.Sqrt(_variance) * variance;
        var spread = 0.0;
        for (var i = 0; i <= count; i++)
        {
            if (!(_eigen!.Values[i] > Flat))
                continue;
            var along = 0.0;
            for (var k = 0; k <= count; k++)
                along += gradient[k] * _eigen.Vectors[k, i];
            spread += 2 * along * along / _eigen.Values[i];
        }
        return 2 * (_variance * variance) * (_variance * variance) / spread;
    }

    private (double F, double Degrees) FOf(ReadOnlySpan<double> functionals, int count)
    {
        var rank = _profile.Rank;
        var estimates = new double[count];
        for (var a = 0; a < count; a++)
            estimates[a] = FixedOrder.Dot(functionals.Slice(a * rank, rank), Coordinates);
        if (_kenwardRoger is not null)
        {
            var (scaled, denominator) = _kenwardRoger.Test(Covariance.Values, functionals, estimates);
            return (scaled / _variance, denominator);
        }
        var covariance = new DenseMatrix(count, count);
        for (var a = 0; a < count; a++)
        for (var b = 0; b < count; b++)
            covariance[a, b] = Quadratic(functionals.Slice(a * rank, rank), Covariance.Values, functionals.Slice(b * rank, rank));
        var eigen = new SymmetricEigen(covariance);
        var (squares, degrees) = (0.0, new double[count]);
        for (var m = 0; m < count; m++)
        {
            var rotated = new double[rank];
            for (var a = 0; a < count; a++)
                FixedOrder.Add(eigen.Vectors[a, m], functionals.Slice(a * rank, rank), rotated);
            var estimate = FixedOrder.Dot(rotated, Coordinates);
            squares += estimate * estimate / (_variance * eigen.Values[m]);
            degrees[m] = VarianceOf(rotated).Degrees;
        }
        return (squares / count, DenominatorDegrees.Combine(degrees));
    }

    /// <summary>The Hessian of -2 log L in θ and σ.</summary>
    private DenseMatrix Hessian()
    {
        var count = _theta.Length;
        var hessian = new DenseMatrix(count + 1, count + 1);
        var ofTheta = ReferenceSearch.Jacobian(
            theta =>
            {
                _profile.Evaluate(theta);
                return _profile.Gradient(theta, _variance);
            },
            _theta
        );
        for (var k = 0; k < count; k++)
        {
            for (var l = 0; l < count; l++)
                hessian[k, l] = ofTheta[k, l];
            hessian[k, count] = hessian[count, k] = _crossHessian[k];
        }
        hessian[count, count] = 4 * _profile.Degrees / _variance;
        return hessian;
    }

    /// <summary>(Q'V⁻¹Q)⁻¹ Q'V⁻¹ M V⁻¹Q (Q'V⁻¹Q)⁻¹: the derivative of the covariance in the direction M of V.</summary>
    private DenseMatrix Form(DenseMatrix matrix) => matrix.Congruent(_profile.Weighted.Times(Covariance));

    private KenwardRogerCovariance KenwardRoger()
    {
        var (rank, count) = (_profile.Rank, _theta.Length);
        var covariance = new KenwardRogerCovariance(rank, count + 1);
        DenseMatrix[] slopes = [.. Enumerable.Range(0, count).Select(_profile.ComponentSlope), DenseMatrix.Identity(_profile.Rows)];
        DenseMatrix[] images = [.. slopes.Select(slope => _profile.InverseV.Times(slope))];
        for (var r = 0; r <= count; r++)
        {
            slopes[r].Congruent(_profile.Weighted).Values.CopyTo(covariance.Slope(r, rank));
            for (var s = 0; s <= count; s++)
            {
                slopes[r].Times(images[s]).Congruent(_profile.Weighted).Values.CopyTo(covariance.Product(r, s, rank));
                covariance.Traces[r, s] = FixedOrder.Dot(images[r].Values, images[s].Transposed().Values);
            }
        }
        covariance.Prepare(rank, Covariance.Values);
        return covariance;
    }

    private DenseMatrix Restored(int term)
    {
        var restored = new DenseMatrix(_terms[term].Effects, _terms[term].Effects);
        _terms[term].Restore(_profile.FactorOf(term, _theta).Values, restored.Values);
        return restored;
    }

    /// <summary>The mean over rows of the variance of random effects, without weights.</summary>
    private double RandomVariance()
    {
        var sum = 0.0;
        for (var t = 0; t < _terms.Count; t++)
        {
            var images = _tables.Effects[t].Times(_profile.FactorOf(t, _theta));
            for (var row = 0; row < _profile.Rows; row++)
                sum += FixedOrder.Dot(images.Row(row), images.Row(row)) / (_tables.Roots[row] * _tables.Roots[row]);
        }
        return _variance * sum / _profile.Rows;
    }

    private double FixedVariance()
    {
        double[] fitted =
        [
            .. Enumerable.Range(0, _profile.Rows).Select(row => FixedOrder.Dot(_tables.Basis.Row(row), Coordinates) / _tables.Roots[row]),
        ];
        var mean = fitted.Sum() / fitted.Length;
        return fitted.Sum(value => (value - mean) * (value - mean)) / (fitted.Length - 1);
    }

    /// <summary>Whether a diagonal entry of the Cholesky factor of effects as typed is nearly 0.</summary>
    private bool IsSingular()
    {
        foreach (var restored in _restored)
        {
            var covariance = restored.Times(restored.Transposed());
            if (!Cholesky.TryFactor(covariance) || Enumerable.Range(0, covariance.Rows).Any(i => covariance[i, i] < SingularTheta))
                return true;
        }
        return false;
    }

    private double Quadratic(ReadOnlySpan<double> left, ReadOnlySpan<double> matrix, ReadOnlySpan<double> right)
    {
        var (rank, sum) = (_profile.Rank, 0.0);
        for (var i = 0; i < rank; i++)
            sum += left[i] * FixedOrder.Dot(matrix.Slice(i * rank, rank), right);
        return sum;
    }
}
