using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Fits blocks of elements on one thread: tiles of elements without missing subjects with the whole cohort's model, the others with a model
/// of their observed rows. The choice depends only on the element's own values.
/// </summary>
internal sealed class GamBlockFitter : IBlockFitter
{
    private readonly GamEngine _engine;
    private readonly GamStatistics _statistics;
    private readonly CurveWriter _curves;
    private readonly ElementValues _values;
    private readonly double[] _transformed;
    private readonly double[] _response;
    private readonly double[] _unweighted;
    private readonly RowsCache? _cache;
    private readonly RowsFit? _whole;
    private readonly ProjectedTile? _projected;
    private readonly ResponseTile? _tiles;

    /// <summary>The workspace of one thread.</summary>
    public GamBlockFitter(GamEngine engine)
    {
        _engine = engine;
        _statistics = new(engine.Columns.Partial, engine.Model.Smooths.Count, engine.Model.PValues);
        _curves = new(engine.Model.Curves, engine.Columns.Partial.Count);
        _values = new(engine.Subjects, engine.Scalars.Count - 1, engine.Model.Design.Subset.Rows);
        _transformed = new double[engine.Subjects];
        _response = new double[engine.Subjects];
        _unweighted = new double[engine.Subjects];
        var isShared = !engine.Model.Design.VariesWithScalars && engine.Kernel != KernelChoice.Reference;
        if (isShared)
            _cache = new(engine.Subjects, engine.CacheBytes);
        if (!isShared || engine.WholeCohort is not { Problem: ElementStatus.Fitted } whole || engine.Model.Design.ResponseIsTransformed)
            return;
        // Partial R² uses unweighted squares, which need each row, not only the projections of weighted rows.
        if (whole is { RootWeights: not null, Designs.Count: > 1 })
            return;
        _whole = new(whole);
        _projected = new(whole, TileKernel.Create(engine.Kernel));
        _tiles = new(whole);
    }

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        results.FillWithNaN();
        if (_tiles is not null)
            FitTiles(block, results);
        else
            for (var e = 0; e < block.Count; e++)
                FitElement(block, e, results);
    }

    /// <summary>The model of an element's observed rows.</summary>
    public RowsModel ModelOf(in ScalarBlock block, int element)
    {
        _values.Load(block, element);
        return RowsOfElement().Model;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private void FitTiles(in ScalarBlock block, in ResultBlock results)
    {
        _tiles!.Start(block);
        for (var first = 0; first < block.Count; first += TileKernel.Width)
        {
            var lanes = Math.Min(TileKernel.Width, block.Count - first);
            _projected!.Project(_tiles.At(first, lanes));
            for (var lane = 0; lane < lanes; lane++)
            {
                var element = first + lane;
                if (!_projected.IsWhole(lane) || !IsOfWhole(element))
                    FitElement(block, element, results);
                else
                {
                    _whole!.Take(_projected, lane);
                    var isConstant = _whole.MayBeConstant && _tiles.IsConstant(element);
                    results.Status[element] = Finish(_whole, isConstant, element, results);
                }
            }
        }
    }

    /// <summary>Whether the whole cohort's model applies to the element: enough subjects, and none missing for terms that depend on all
    /// rows.</summary>
    private bool IsOfWhole(int element)
    {
        var rows = _whole!.Model.Rows.Length;
        if (rows == _engine.Subjects || (rows > _engine.Threshold && !_engine.Model.Design.RebuildsOnRows))
            return rows > _engine.Threshold;
        var design = _engine.Model.Design;
        return (rows > _engine.Threshold || _tiles!.CountFinite(element, design.Subset.Rows) > _engine.Threshold)
            && (!design.RebuildsOnRows || _tiles!.CountFinite(element) == _engine.Subjects);
    }

    private void FitElement(in ScalarBlock block, int element, in ResultBlock results)
    {
        _values.Load(block, element);
        results.Status[element] = _values.CountSelected() > _engine.Threshold ? FitRows(element, results) : ElementStatus.TooFewSubjects;
    }

    private ElementStatus FitRows(int element, in ResultBlock results)
    {
        var fit = RowsOfElement();
        var model = fit.Model;
        if (model.Problem != ElementStatus.Fitted)
            return model.Problem;
        var isConstant = true;
        for (var i = 0; i < model.Rows.Length; i++)
        {
            var response = _transformed[model.Rows[i]];
            if (!double.IsFinite(response))
                return ElementStatus.InvalidValue;
            isConstant &= response == _transformed[model.Rows[0]];
            _unweighted[i] = response - (model.Offset?[i] ?? 0);
            _response[i] = _unweighted[i] * (model.RootWeights?[i] ?? 1);
        }
        fit.Project(_response.AsMemory(0, model.Rows.Length), _unweighted.AsMemory(0, model.Rows.Length));
        return Finish(fit, isConstant && fit.MayBeConstant, element, results);
    }

    private RowsFit RowsOfElement()
    {
        var design = _engine.Model.Design;
        design.TransformResponse(_values.Response, _values.Predictors, _transformed);
        var lacksResponse = false;
        foreach (var row in _values.Finite)
            lacksResponse |= double.IsNaN(_transformed[row]);
        if (lacksResponse && !design.RebuildsOnRows)
        {
            _values.Restrict(_transformed);
            lacksResponse = false;
        }
        if (_cache is null || lacksResponse)
            return new(_engine.Model.Build(_values.Finite, _values.Predictors, lacksResponse ? _transformed : default));
        return _cache.Find(_values.Finite) ?? _cache.Store(new(_engine.Model.Build(_values.Finite, _values.Predictors, default)));
    }

    private ElementStatus Finish(RowsFit fit, bool isConstant, int element, in ResultBlock results)
    {
        if (isConstant)
            return ElementStatus.ConstantResponse;
        var status = fit.Solve();
        if (!fit.HasFit)
            return status;
        _statistics.Write(fit, results, element);
        _curves.Write(fit, results, element);
        return status;
    }
}
