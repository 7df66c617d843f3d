using HpcFit.Shared.Specs;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed;

/// <summary>Estimates, standard errors, tests and degrees of freedom of an element's fit. A workspace of one thread.</summary>
/// <remarks>
/// Degrees of freedom by Satterthwaite as in Kuznetsova, Brockhoff, Christensen (2017), J. Stat. Softw. 82(13): 2 v² / (g'Ag), v the
/// variance of an estimate, g its gradient in (θ, σ), and A twice the inverse of the Hessian of -2 log L. F tests are sums of squares of
/// independent t, whose degrees of freedom ν give those of the denominator: 2E / (E - q), E = Σ ν / (ν - 2) (Fai and Cornelius 1996).
/// </remarks>
internal sealed class ElementInference
{
    private readonly string _method;
    private readonly bool _isRestricted;
    private readonly string? _testedRandom;
    private readonly double[] _solved;
    private readonly double[] _rotated;
    private readonly double[] _values;
    private readonly KenwardRoger? _kenwardRoger;
    private readonly (DenseMatrix Matrix, SymmetricEigen Eigen)?[] _bySize;
    private MixedSolution _fit = null!;
    private double _theta;
    private double _hessianTheta;
    private double _hessianBoth;
    private double _hessianSigma;

    public ElementInference(MixedEngine engine)
    {
        var columns = engine.Design.ColumnNames.Count;
        (_method, _isRestricted, _testedRandom) = (engine.Options.Df, !engine.Options.Ml, engine.Options.TestRandom);
        (_solved, _rotated, _values) = (new double[columns], new double[columns], new double[columns]);
        _kenwardRoger = _method == MixedSpec.KenwardRoger ? new(columns) : null;
        _bySize = new (DenseMatrix, SymmetricEigen)?[columns + 1];
    }

    /// <summary>Stores everything of an element.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="element">The element's place in the block.</param>
    /// <param name="fits">Receives it.</param>
    public void Store(MixedSolution fit, int element, MixedFits fits)
    {
        var tables = fit.Tables;
        fits.StoreRows(element, tables);
        (fits.Ratio[element], fits.Variance[element], fits.Criterion[element]) = (fit.Ratio, fit.Variance, fit.Criterion);
        if (_testedRandom is not null)
            fits.StoreLikelihoodRatio(element, fit, _isRestricted, _testedRandom == MixedSpec.Exact);
        fits.FixedVariance[element] = tables.FittedVariance(fit.Coordinates);
        Prepare(fit);
        StoreCombinations(element, fits);
        StoreTests(element, fits);
    }

    /// <summary>Prepares the next calls.</summary>
    public void Prepare(MixedSolution fit)
    {
        _fit = fit;
        var variance = fit.Variance;
        _theta = Math.Sqrt(fit.Ratio);
        _hessianTheta = (2 * fit.Slope) + (4 * fit.Ratio * fit.Curvature);
        _hessianBoth = -4 * _theta * fit.SquaresSlope / (variance * Math.Sqrt(variance));
        _hessianSigma = 4 * fit.Degrees / variance;
        _kenwardRoger?.Prepare(fit);
    }

    /// <summary>Stores coefficients and contrasts.</summary>
    public void StoreCombinations(int element, MixedFits fits)
    {
        for (var c = 0; c < fits.Combinations; c++)
        {
            var functional = _fit.Tables.Combinations.Of(c);
            if (double.IsNaN(functional[0]))
                continue;
            var variance = Form(functional, _kenwardRoger is null ? _fit.Inverse : _kenwardRoger.Adjusted, functional);
            fits.Estimates(c)[element] = Value(functional);
            fits.StandardErrors(c)[element] = Math.Sqrt(_fit.Variance * variance);
            fits.Degrees(c)[element] = DegreesOf(functional);
        }
    }

    /// <summary>Stores F tests.</summary>
    public void StoreTests(int element, MixedFits fits)
    {
        for (var t = 0; t < fits.Tests; t++)
        {
            var count = _fit.Tables.Combinations.Degrees(t);
            if (count == 0)
                continue;
            var functionals = _fit.Tables.Combinations.OfTest(t);
            var (f, degrees) = _kenwardRoger is null ? Rotate(functionals, count) : Scale(functionals, count);
            (fits.F(t)[element], fits.Numerators(t)[element], fits.Denominators(t)[element]) = (f, count, degrees);
        }
    }

    private double DegreesOf(ReadOnlySpan<double> functional) =>
        _method switch
        {
            MixedSpec.Residual => _fit.Tables.Rows - _fit.Tables.Rank,
            MixedSpec.Normal => double.PositiveInfinity,
            MixedSpec.KenwardRoger => _kenwardRoger!.Degrees(_fit, functional),
            _ => Satterthwaite(functional),
        };

    private double Satterthwaite(ReadOnlySpan<double> functional)
    {
        if (_theta == 0)
            return _fit.Degrees;
        var rank = _fit.Tables.Rank;
        double variance = 0,
            slope = 0;
        for (var a = 0; a < rank; a++)
        {
            _solved[a] = Sequential.Dot(_fit.Inverse.AsSpan(a * rank, rank), functional);
            variance += functional[a] * _solved[a];
        }
        for (var a = 0; a < rank; a++)
            slope -= _solved[a] * Sequential.Dot(_fit.InformationSlope.AsSpan(a * rank, rank), _solved);
        var determinant = (_hessianTheta * _hessianSigma) - (_hessianBoth * _hessianBoth);
        if (!(determinant > 0))
            return double.NaN;
        var residual = _fit.Variance;
        var (byTheta, bySigma) = (2 * _theta * residual * slope, 2 * Math.Sqrt(residual) * variance);
        var quadratic =
            2
            * ((byTheta * byTheta * _hessianSigma) - (2 * byTheta * bySigma * _hessianBoth) + (bySigma * bySigma * _hessianTheta))
            / determinant;
        return 2 * (residual * variance) * (residual * variance) / quadratic;
    }

    /// <summary>F as a mean of squared independent t: rotation to the eigenvectors of the covariance.</summary>
    private (double F, double Degrees) Rotate(ReadOnlySpan<double> functionals, int count)
    {
        var rank = _fit.Tables.Rank;
        var (matrix, eigen) = _bySize[count] ??= (new(count, count), new(count));
        for (var a = 0; a < count; a++)
        for (var b = 0; b <= a; b++)
            matrix[a, b] = matrix[b, a] = Form(functionals.Slice(a * rank, rank), _fit.Inverse, functionals.Slice(b * rank, rank));
        eigen.Decompose(matrix);
        var squares = 0.0;
        var rotated = _rotated.AsSpan(0, rank);
        var degrees = _values.AsSpan(0, count);
        for (var m = 0; m < count; m++)
        {
            rotated.Clear();
            for (var a = 0; a < count; a++)
            for (var k = 0; k < rank; k++)
                rotated[k] += eigen.Vectors[a, m] * functionals[(a * rank) + k];
            var value = Value(rotated);
            squares += value * value / eigen.Values[m];
            degrees[m] = DegreesOf(rotated);
        }
        return (squares / (_fit.Variance * count), DenominatorDegrees.Combine(degrees));
    }

    private (double F, double Degrees) Scale(ReadOnlySpan<double> functionals, int count)
    {
        var rank = _fit.Tables.Rank;
        for (var a = 0; a < count; a++)
            _values[a] = Value(functionals.Slice(a * rank, rank));
        var (f, degrees) = _kenwardRoger!.Test(_fit, functionals, _values.AsSpan(0, count));
        return (f / _fit.Variance, degrees);
    }

    private double Value(ReadOnlySpan<double> functional) => Sequential.Dot(functional, _fit.Coordinates);

    private static double Form(ReadOnlySpan<double> left, ReadOnlySpan<double> matrix, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * Sequential.Dot(matrix.Slice(i * right.Length, right.Length), right);
        return sum;
    }
}
