using HpcFit.Worker.Gam.Algebra;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// What the model is compared with on some rows: a constant. Holds an orthonormal basis of √w, 1 and √w offset, in whose coordinates
/// deviances and variances of an element are sums of squares, never differences of them. Immutable.
/// </summary>
/// <remarks>
/// With t = √w (y - o) and z = t + √w o: Σ w (y - ȳ)² is the square of z outside √w, and the variances behind the adjusted R² are of
/// √w (y - ȳ) and √w (y - μ), as in mgcv's summary. The null deviance is mgcv's too: beside a constant and the offset; without a constant
/// in the model, of the response by itself, about 0 and beside the offset by GCV.Cp, about its mean by the other methods.
/// </remarks>
internal sealed class NullModel
{
    /// <summary>Columns of <see cref="Basis"/>.</summary>
    public const int Dimension = 3;

    private readonly bool _hasIntercept;
    private readonly SmoothnessMethod _method;
    private readonly double[] _offset = new double[Dimension];
    private readonly double[] _ones = new double[Dimension];

    /// <summary>The null model on some rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="rootWeights">√w by row; null: 1.</param>
    /// <param name="offset">By row; null: 0.</param>
    /// <param name="hasIntercept">Whether the model has a constant.</param>
    /// <param name="method">How smoothing parameters are chosen.</param>
    public NullModel(int rows, double[]? rootWeights, double[]? offset, bool hasIntercept, SmoothnessMethod method)
    {
        (_hasIntercept, _method) = (hasIntercept, method);
        Rows = rows;
        var columns = new DenseMatrix(rows, Dimension);
        for (var i = 0; i < rows; i++)
        {
            var root = rootWeights?[i] ?? 1;
            (columns[i, 0], columns[i, 1], columns[i, 2]) = (root, rootWeights is null ? 0 : 1, (offset?[i] ?? 0) * root);
        }
        var qr = new ThinQr(columns);
        Basis = qr.Q;
        for (var j = 0; j < Dimension; j++)
        {
            _offset[j] = qr.R[j, 2];
            _ones[j] = rootWeights is null ? qr.R[j, 0] : qr.R[j, 1];
        }
    }

    /// <summary>How many rows.</summary>
    public int Rows { get; }

    /// <summary>Orthonormal or zero columns: rows × <see cref="Dimension"/>. The first is √w, normed.</summary>
    public DenseMatrix Basis { get; }

    /// <summary>The deviance of the null model.</summary>
    /// <param name="projections">Basisᵀ t.</param>
    /// <param name="residualSquares">‖t - Basis projections‖².</param>
    public double Deviance(ReadOnlySpan<double> projections, double residualSquares)
    {
        if (!_hasIntercept && _method != SmoothnessMethod.Gcv)
            return SquaresAboutMean(projections, residualSquares);
        var sum = residualSquares;
        for (var j = _hasIntercept ? 1 : 0; j < Dimension; j++)
            sum += projections[j] * projections[j];
        return sum;
    }

    /// <summary>The variance of √w (y - ȳ), times rows - 1.</summary>
    /// <inheritdoc cref="Deviance"/>
    public double SquaresOfResponse(ReadOnlySpan<double> projections, double residualSquares)
    {
        var total = 0.0;
        for (var j = 1; j < Dimension; j++)
            total += _ones[j] * (projections[j] + _offset[j]);
        return SquaresAboutMean(projections, residualSquares) - (total * total / Rows);
    }

    /// <summary>Σ t: what of the sum of √w (y - μ) is not the fit's.</summary>
    /// <param name="projections">Basisᵀ t.</param>
    public double Sum(ReadOnlySpan<double> projections)
    {
        var sum = 0.0;
        for (var j = 0; j < Dimension; j++)
            sum += _ones[j] * projections[j];
        return sum;
    }

    private double SquaresAboutMean(ReadOnlySpan<double> projections, double residualSquares)
    {
        var sum = residualSquares;
        for (var j = 1; j < Dimension; j++)
        {
            var whole = projections[j] + _offset[j];
            sum += whole * whole;
        }
        return sum;
    }
}
