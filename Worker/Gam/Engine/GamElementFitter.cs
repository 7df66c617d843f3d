using HpcFit.Shared.Elements;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Fits single elements on one thread, each with a model of its observed rows.</summary>
internal sealed class GamElementFitter
{
    private readonly GamEngine _engine;
    private readonly IGamStatistics _statistics;
    private readonly CurveWriter _curves;
    private readonly ElementValues _values;
    private readonly double[] _transformed;
    private readonly RowsCache? _cache;

    /// <summary>The workspace of one thread.</summary>
    public GamElementFitter(GamEngine engine)
    {
        _engine = engine;
        _statistics = engine.Outputs.CreateStatistics(engine.Model, engine.Hypotheses);
        _curves = new(engine.Model.Curves, engine.Draws, engine.Layout.PartialColumns.Count);
        _values = new(engine.Subjects, engine.Scalars.Count - 1, engine.Model.Design.Subset.Rows);
        _transformed = new double[engine.Subjects];
        if (engine.SharesModels)
            _cache = new(engine.Subjects, engine.CacheBytes);
    }

    /// <summary>The model of an element's observed rows.</summary>
    public RowsModel ModelOf(in ScalarBlock block, int element)
    {
        _values.Load(block, element);
        return RowsOfElement().Model;
    }

    /// <summary>Fits an element and writes its results and its status.</summary>
    public void Fit(in ScalarBlock block, int element, in ResultBlock results)
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
        var status = fit.Take(_transformed);
        return status == ElementStatus.Fitted ? Finish(fit, fit.IsConstant, element, results) : status;
    }

    private IRowsFit RowsOfElement()
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
            return Fit(_engine.Model.Build(_values.Finite, _values.Predictors, lacksResponse ? _transformed : default));
        return _cache.Find(_values.Finite) ?? _cache.Store(Fit(_engine.Model.Build(_values.Finite, _values.Predictors, default)));
    }

    private static IRowsFit Fit(RowsModel model) => model.Generalized is null ? new RowsFit(model) : new GeneralizedRowsFit(model);

    /// <summary>Solves a projected fit and writes its results.</summary>
    /// <param name="fit">The model with the projections of the element's response.</param>
    /// <param name="isConstant">Whether the response is constant.</param>
    /// <param name="element">The element of the block.</param>
    /// <param name="results">Where its results go.</param>
    /// <returns>Its status.</returns>
    public ElementStatus Finish(IRowsFit fit, bool isConstant, int element, in ResultBlock results)
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
