using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Rows;

/// <summary>
/// The model of a constant, with which the model is compared, for one set of rows. Contains an orthonormal basis of √w, 1 and √w offset, in
/// whose coordinates deviances and variances of an element are sums of squares, never differences of them. Immutable.
/// </summary>
/// <remarks>
/// With t = √w (y - o) and z = t + √w o: Σ w (y - ȳ)² is the squared length of z orthogonal to √w, and the variances behind the adjusted R²
/// are of √w (y - ȳ) and √w (y - μ), as in mgcv's summary. The null deviance is mgcv's: relative to a constant and the offset; without an
/// intercept in the model, relative to 0 and the offset for GCV.Cp, and about the mean of the response for the other methods.
/// </remarks>
internal sealed class NullModel
{
    /// <summary>The number of columns of <see cref="Basis"/>.</summary>
    public const int Dimension = 3;

    private readonly bool _hasIntercept;
    private readonly SmoothnessMethod _method;
    private readonly double[] _offset = new double[Dimension];
    private readonly double[] _ones = new double[Dimension];

    /// <summary>The null model of a set of rows.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="rootWeights">√w per row; null: 1.</param>
    /// <param name="offset">The offset per row; null: 0.</param>
    /// <param name="hasIntercept">Whether the model has an intercept.</param>
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

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>Orthonormal or zero columns: rows × <see cref="Dimension"/>. The first is √w, normalised.</summary>
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

    /// <summary>Σ t: the part of the sum of √w (y - μ) that does not depend on the fit.</summary>
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
