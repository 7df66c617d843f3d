using HpcFit.Shared.Elements;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Fitting;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Gam.Rows;

/// <summary>
/// Fits elements with the same rows, one after the other, and holds the last one's results. A workspace; not thread-safe.
/// </summary>
internal sealed class RowsFit : IRowsFit
{
    /// <summary>The null model's residual sum of squares, relative to the total, below which a response may be constant.</summary>
    private const double PossiblyConstant = 1e-20;

    private readonly ElementFit[] _fits;
    private readonly bool[] _isFitted;
    private readonly double[][] _projections;
    private readonly IEffectSums?[] _absorbed;
    private readonly double[] _effects;
    private readonly double[] _residualSquares;
    private readonly double[] _nullProjections = new double[NullModel.Dimension];
    private readonly double[] _values; // √w (y - offset)
    private readonly double[] _unweighted; // y - offset
    private double _nullResidualSquares;

    /// <summary>A workspace for a model.</summary>
    public RowsFit(RowsModel model)
    {
        Model = model;
        _fits = [.. model.Designs.Select(design => new ElementFit(design))];
        _isFitted = new bool[_fits.Length];
        _projections = [.. model.Designs.Select(design => new double[design.InputLength])];
        _absorbed = [.. model.Designs.Select(design => design.CreateSums())];
        _effects = new double[model.Designs.Select(design => design.Absorbed?.Groups ?? 0).DefaultIfEmpty().Max()];
        _residualSquares = new double[_fits.Length];
        (_values, _unweighted) = (new double[model.Rows.Length], new double[model.Rows.Length]);
    }

    /// <summary>The model.</summary>
    public RowsModel Model { get; }

    /// <summary>The last element's fit of the model.</summary>
    public ElementFit Fit => _fits[0];

    /// <summary>Σ w (y - ȳ)² of the last element, or its counterpart without an intercept.</summary>
    public double NullDeviance => Model.Null!.Deviance(_nullProjections, _nullResidualSquares);

    /// <inheritdoc/>
    public bool IsConstant { get; private set; }

    /// <inheritdoc/>
    public double Deviance => Fit.Deviance;

    /// <inheritdoc/>
    public double Theta => double.NaN;

    /// <inheritdoc/>
    public double Criterion => Fit.Criterion;

    /// <inheritdoc/>
    public double LogLikelihood => Fit.LogLikelihood;

    /// <inheritdoc/>
    public double Aic => Fit.Aic();

    /// <inheritdoc/>
    public double Bic => Fit.Bic();

    /// <summary>Whether a reduced model converged as well.</summary>
    public bool HasReduced(int reduced) => _isFitted[reduced + 1];

    /// <summary>Whether the response may be constant, which the caller must then verify.</summary>
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

    /// <summary>Copies a lane of a projected tile.</summary>
    /// <param name="projected">The tile's projections.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="lane">The lane.</param>
    public void Take(ProjectedTile projected, in ElementTile tile, int lane)
    {
        if (_absorbed[0] is not null || _effects.Length > 0)
            for (var i = 0; i < _values.Length; i++)
                _values[i] = tile.Singles.IsEmpty ? tile.Doubles[tile.RowStarts[i] + lane] : tile.Singles[tile.RowStarts[i] + lane];
        for (var d = 0; d < _fits.Length; d++)
        {
            _residualSquares[d] = projected.Take(d, lane, _projections[d].AsSpan(0, Model.Designs[d].Dimension));
            _absorbed[d]?.Append(_values, _projections[d]);
        }
        _nullResidualSquares = projected.TakeNull(lane, _nullProjections);
    }

    /// <summary>Projects one element's √w (y - offset), row by row as <see cref="TileKernel"/> does: the same bits.</summary>
    public ElementStatus Take(ReadOnlySpan<double> transformed)
    {
        var isConstant = true;
        for (var i = 0; i < Model.Rows.Length; i++)
        {
            var response = transformed[Model.Rows[i]];
            if (!double.IsFinite(response))
                return ElementStatus.InvalidValue;
            isConstant &= response == transformed[Model.Rows[0]];
            _unweighted[i] = response - (Model.Offset?[i] ?? 0);
            _values[i] = _unweighted[i] * (Model.RootWeights?[i] ?? 1);
        }
        for (var d = 0; d < _fits.Length; d++)
        {
            _residualSquares[d] = Project(_values, Model.Designs[d].Projector, _projections[d].AsSpan(0, Model.Designs[d].Dimension));
            _absorbed[d]?.Append(_values, _projections[d]);
        }
        _nullResidualSquares = Project(_values, Model.Null!.Basis.Values, _nullProjections);
        IsConstant = isConstant && MayBeConstant;
        return ElementStatus.Fitted;
    }

    /// <summary>Fits the element taken or projected last.</summary>
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
    /// The adjusted R²: the fraction of the response's variance explained by the model, with unbiased estimates of both variances.
    /// </summary>
    /// <param name="design">0 for the model, otherwise one more than a reduced model's index.</param>
    public double AdjustedRSquared(int design)
    {
        var fit = _fits[design];
        var sum = Model.Null!.Sum(_nullProjections);
        var sums = Model.SumsOfProjectors[design];
        for (var j = 0; j < sums.Length; j++)
            sum -= sums[j] * fit.Fitted[j];
        sum -= fit.SumOfAbsorbed;
        var n = Model.Rows.Length;
        var left = fit.Deviance - (sum * sum / n);
        return 1 - (left * (n - 1) / (Model.Null!.SquaresOfResponse(_nullProjections, _nullResidualSquares) * fit.ResidualDegrees));
    }

    /// <summary>
    /// The fraction of the reduced model's residual sum of squares that the term explains. As in ModelArray, the squares are unweighted and
    /// over the subjects in the fit: if the model has weights, the element must have been passed to
    /// <see cref="Take(ReadOnlySpan{double})"/>.
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
        var values = _values;
        var basis = Model.Designs[design].Projector;
        var fitted = _fits[design].Fitted;
        var effect = Model.Designs[design].Absorbed;
        _fits[design].CopyAbsorbed(values, _effects);
        var squares = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (rootWeights[i] == 0)
            {
                // Projections do not depend on rows of weight 0.
                var unseen = _unweighted[i] - FixedOrder.Dot(Model.Designs[design].Unweighted!.Row(i), _fits[design].Coefficients);
                squares = Math.FusedMultiplyAdd(unseen, unseen, squares);
                continue;
            }
            var residual = values[i];
            for (var j = 0; j < fitted.Length; j++)
                residual = Math.FusedMultiplyAdd(-basis[(i * fitted.Length) + j], fitted[j], residual);
            if (effect?.GroupOf(i) is >= 0 and var group)
                residual -= effect.Value(i) * _effects[group];
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
