using HpcFit.Shared.Elements;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Rows;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Computes an element's fitted curves or their derivatives, of each smooth alone, as mgcv's predict by terms: values, Bayesian standard
/// errors and, on request, 95 % intervals. A workspace; not thread-safe.
/// </summary>
/// <param name="curves">The curves, in the order of their blocks.</param>
/// <param name="simultaneous">The draws for simultaneous intervals; null: pointwise ones.</param>
/// <param name="firstColumn">The column at which the first block begins.</param>
internal sealed class CurveWriter(IReadOnlyList<SmoothCurve> curves, NormalDraws? simultaneous, int firstColumn)
{
    /// <summary>The coverage of intervals.</summary>
    public const double Level = 0.95;

    private static readonly double PointwiseValue = StandardNormal.Quantile((1 + Level) / 2);

    private readonly SimultaneousCriticalValue[] _critical = CreateCritical(simultaneous, curves.Count);
    private readonly double[] _values = new double[curves.Count == 0 ? 0 : curves.Max(curve => curve.Count)];
    private readonly double[] _errors = new double[curves.Count == 0 ? 0 : curves.Max(curve => curve.Count)];
    private double[] _covariance = [];

    /// <summary>Writes all curves of an element.</summary>
    /// <param name="fit">Its fit.</param>
    /// <param name="results">The block's results.</param>
    /// <param name="element">The element's index in the block.</param>
    public void Write(IRowsFit fit, in ResultBlock results, int element)
    {
        if (curves.Count == 0)
            return;
        var design = fit.Fit.Design;
        if (_covariance.Length != design.CoefficientCount * design.CoefficientCount)
            _covariance = new double[design.CoefficientCount * design.CoefficientCount];
        fit.Fit.CopyCovariance(_covariance);
        var column = firstColumn;
        for (var c = 0; c < curves.Count; c++)
        {
            var (basis, first) = (fit.Model.CurveBases[c], design.Smooths[curves[c].Smooth].First);
            Evaluate(basis, fit.Fit.Coefficients.Slice(first, basis.Columns), first, design.CoefficientCount);
            for (var point = 0; point < basis.Rows; point++)
            {
                results[column + point, element] = _values[point];
                results[column + basis.Rows + point, element] = _errors[point];
            }
            if (curves[c].HasLimits)
                WriteLimits(c, basis, first, design.CoefficientCount, column + 2 * basis.Rows, results, element);
            column += curves[c].Statistics * basis.Rows;
        }
    }

    private void Evaluate(DenseMatrix basis, ReadOnlySpan<double> coefficients, int first, int count)
    {
        for (var point = 0; point < basis.Rows; point++)
        {
            var row = basis.Row(point);
            double value = 0,
                variance = 0;
            for (var i = 0; i < row.Length; i++)
            {
                value += row[i] * coefficients[i];
                var covariances = _covariance.AsSpan(((first + i) * count) + first, row.Length);
                for (var j = 0; j < row.Length; j++)
                    variance += row[i] * row[j] * covariances[j];
            }
            _values[point] = value;
            _errors[point] = Math.Sqrt(Math.Max(0, variance));
        }
    }

    /// <summary>One workspace per curve, so that each keeps what depends on its points.</summary>
    private static SimultaneousCriticalValue[] CreateCritical(NormalDraws? draws, int curves)
    {
        if (draws is null)
            return [];
        var scratch = new double[NormalDraws.Count];
        return [.. Enumerable.Range(0, curves).Select(_ => new SimultaneousCriticalValue(draws, scratch, Level))];
    }

    private void WriteLimits(int curve, DenseMatrix basis, int first, int count, int column, in ResultBlock results, int element)
    {
        var errors = _errors.AsSpan(0, basis.Rows);
        var critical = simultaneous is null ? PointwiseValue : _critical[curve].Compute(basis, _covariance, first, count, errors);
        for (var point = 0; point < basis.Rows; point++)
        {
            results[column + point, element] = _values[point] - critical * errors[point];
            results[column + basis.Rows + point, element] = _values[point] + critical * errors[point];
        }
    }
}
