using HpcFit.Shared.Elements;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Computes an element's fitted curves and their Bayesian standard errors, of each smooth alone, as mgcv's predict by terms. A workspace;
/// not thread-safe.
/// </summary>
/// <param name="curves">The curves, in the order of their blocks.</param>
/// <param name="firstColumn">The column at which the first block begins.</param>
internal sealed class CurveWriter(IReadOnlyList<SmoothCurve> curves, int firstColumn)
{
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
            var (basis, place) = (fit.Model.CurveBases[c], design.Smooths[curves[c].Smooth]);
            for (var point = 0; point < basis.Rows; point++)
            {
                var row = basis.Row(point);
                double value = 0,
                    variance = 0;
                for (var i = 0; i < row.Length; i++)
                {
                    value += row[i] * fit.Fit.Coefficients[place.First + i];
                    var covariances = _covariance.AsSpan(((place.First + i) * design.CoefficientCount) + place.First, row.Length);
                    for (var j = 0; j < row.Length; j++)
                        variance += row[i] * row[j] * covariances[j];
                }
                results[column + point, element] = value;
                results[column + basis.Rows + point, element] = Math.Sqrt(Math.Max(0, variance));
            }
            column += 2 * basis.Rows;
        }
    }
}
