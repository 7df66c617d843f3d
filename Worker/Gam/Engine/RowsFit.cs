using HpcFit.Shared.Elements;
using HpcFit.Worker.Gam.Algebra;
using HpcFit.Worker.Gam.Fitting;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Fits elements on the same rows, one after the other, and holds what the last one's statistics follow from. A workspace of one thread.
/// </summary>
internal sealed class RowsFit
{
    /// <summary>What the null model leaves of a response that may be constant, beside its sum of squares.</summary>
    private const double PossiblyConstant = 1e-20;

    private readonly ElementFit[] _fits;
    private readonly bool[] _isFitted;
    private readonly double[][] _projections;
    private readonly double[] _residualSquares;
    private readonly double[] _nullProjections = new double[NullModel.Dimension];
    private ReadOnlyMemory<double> _values;
    private ReadOnlyMemory<double> _unweighted;
    private double _nullResidualSquares;

    /// <summary>The workspace of a model.</summary>
    public RowsFit(RowsModel model)
    {
        Model = model;
        _fits = [.. model.Designs.Select(design => new ElementFit(design))];
        _isFitted = new bool[_fits.Length];
        _projections = [.. model.Designs.Select(design => new double[design.Dimension])];
        _residualSquares = new double[_fits.Length];
    }

    /// <summary>The model.</summary>
    public RowsModel Model { get; }

    /// <summary>The last element's fit of the model.</summary>
    public ElementFit Fit => _fits[0];

    /// <summary>Σ w (y - ȳ)² of the last element, or what takes its place without a constant.</summary>
    public double NullDeviance => Model.Null!.Deviance(_nullProjections, _nullResidualSquares);

    /// <summary>Whether the reduced model converged too.</summary>
    public bool HasReduced(int reduced) => _isFitted[reduced + 1];

    /// <summary>Whether the response may be constant: the caller looks at its values then.</summary>
    public bool MayBeConstant
    {
        get
        {
            var total = _nullResidualSquares;
            foreach (var projection in _nullProjections)
                total += projection * projection;
            return Model.Offset is null && _nullResidualSquares <= PossiblyConstant * total;
        }
    }

    /// <summary>Takes a lane of a projected tile.</summary>
    public void Take(ProjectedTile tile, int lane)
    {
        for (var d = 0; d < _fits.Length; d++)
            _residualSquares[d] = tile.Take(d, lane, _projections[d]);
        _nullResidualSquares = tile.TakeNull(lane, _nullProjections);
    }

    /// <summary>Projects one element's √w (y - offset), row by row as <see cref="TileKernel"/> does: the same bits.</summary>
    /// <param name="values">One value for each of the model's rows; kept until the next element comes.</param>
    /// <param name="unweighted">y - offset of the same rows, likewise.</param>
    public void Project(ReadOnlyMemory<double> values, ReadOnlyMemory<double> unweighted)
    {
        (_values, _unweighted) = (values, unweighted);
        for (var d = 0; d < _fits.Length; d++)
            _residualSquares[d] = Project(values.Span, Model.Designs[d].Projector, _projections[d]);
        _nullResidualSquares = Project(values.Span, Model.Null!.Basis.Values, _nullProjections);
    }

    /// <summary>Fits what was taken or projected last.</summary>
    public ElementStatus Solve()
    {
        var status = ElementStatus.Fitted;
        for (var d = 0; d < _fits.Length; d++)
        {
            _isFitted[d] = _fits[d].Fit(_projections[d], _residualSquares[d]);
            if (!_isFitted[d])
                status = ElementStatus.NoConvergence;
        }
        return status;
    }

    /// <summary>Whether the full model has a fit; a reduced one alone may have failed.</summary>
    public bool HasFit => _isFitted[0];

    /// <summary>
    /// The adjusted R²: the part of the response's variance that the model takes away, both variances estimated without bias.
    /// </summary>
    /// <param name="design">0 for the model, else one more than a reduced model's index.</param>
    public double AdjustedRSquared(int design)
    {
        var fit = _fits[design];
        var sum = Model.Null!.Sum(_nullProjections);
        var sums = Model.SumsOfProjectors[design];
        for (var j = 0; j < sums.Length; j++)
            sum -= sums[j] * fit.Fitted[j];
        var n = Model.Rows.Length;
        var left = fit.Deviance - (sum * sum / n);
        return 1 - (left * (n - 1) / (Model.Null!.SquaresOfResponse(_nullProjections, _nullResidualSquares) * fit.ResidualDegrees));
    }

    /// <summary>
    /// What a term explains of the squares that the model without it leaves. As in ModelArray, the squares are plain ones, of the subjects
    /// in the fit: where the model has weights, the element must have come by
    /// <see cref="Project(ReadOnlyMemory{double}, ReadOnlyMemory{double})"/>.
    /// </summary>
    /// <param name="reduced">The reduced model's index.</param>
    public double PartialRSquared(int reduced)
    {
        var without = ResidualSquares(reduced + 1);
        return (without - ResidualSquares(0)) / without;
    }

    /// <summary>Σ (y - μ)² of a design, without the weights.</summary>
    private double ResidualSquares(int design)
    {
        if (Model.RootWeights is not { } rootWeights)
            return _fits[design].Deviance;
        var values = _values.Span;
        var basis = Model.Designs[design].Projector;
        var fitted = _fits[design].Fitted;
        var squares = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (rootWeights[i] == 0)
            {
                // Where the weight is 0, no projection knows the row.
                var unseen = _unweighted.Span[i] - FixedOrder.Dot(Model.Designs[design].Unweighted!.Row(i), _fits[design].Coefficients);
                squares = Math.FusedMultiplyAdd(unseen, unseen, squares);
                continue;
            }
            var residual = values[i];
            for (var j = 0; j < fitted.Length; j++)
                residual = Math.FusedMultiplyAdd(-basis[(i * fitted.Length) + j], fitted[j], residual);
            residual /= rootWeights[i];
            squares = Math.FusedMultiplyAdd(residual, residual, squares);
        }
        return squares;
    }

    private static double Project(ReadOnlySpan<double> values, ReadOnlySpan<double> basis, Span<double> projections)
    {
        var columns = projections.Length;
        projections.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var row = basis.Slice(i * columns, columns);
            for (var j = 0; j < row.Length; j++)
                projections[j] = Math.FusedMultiplyAdd(row[j], values[i], projections[j]);
        }
        var squares = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var row = basis.Slice(i * columns, columns);
            var residual = values[i];
            for (var j = 0; j < row.Length; j++)
                residual = Math.FusedMultiplyAdd(-row[j], projections[j], residual);
            squares = Math.FusedMultiplyAdd(residual, residual, squares);
        }
        return squares;
    }
}
