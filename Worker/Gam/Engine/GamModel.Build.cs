using HpcFit.Shared.Elements;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Gam.Terms;

namespace HpcFit.Worker.Gam.Engine;

internal sealed partial class GamModel
{
    /// <summary>Builds the model of a set of rows.</summary>
    /// <param name="finite">The subjects, ascending, whose scalars are all finite.</param>
    /// <param name="predictors">One value per subject for each scalar predictor.</param>
    /// <param name="response">The response, NaN if missing; empty if all of <paramref name="finite"/> have one.</param>
    public RowsModel Build(ReadOnlySpan<int> finite, ReadOnlySpan<ReadOnlyMemory<double>> predictors, ReadOnlySpan<double> response)
    {
        var frame = Design.Build(finite, predictors);
        if (frame.Problem != DesignProblem.None)
            return RowsModel.Impossible(frame.Problem.ToStatus());
        var kept = new List<int>();
        for (var i = 0; i < frame.Rows.Length; i++)
            if (response.IsEmpty || !double.IsNaN(response[frame.Rows[i]]))
                kept.Add(i);
        if (kept.Count == 0)
            return RowsModel.Impossible(ElementStatus.TooFewSubjects);
        int[] places = [.. kept],
            rows = CohortValues.Take<int>(frame.Rows, places);
        int[] counted = frame.Weights is null ? rows : [.. kept.Where(i => frame.Weights[i] > 0).Select(i => frame.Rows[i])];
        if (counted.Length < frame.Rows.Length && Design.Build(counted, predictors).HasEmptyLevel)
            return RowsModel.Impossible(ElementStatus.EmptyFactorLevel);
        if (_rowsProblem?.Invoke(counted) is { } reason and not ElementStatus.Fitted)
            return RowsModel.Impossible(reason);
        try
        {
            var problem = Assemble(frame, places, finite.ToArray(), predictors, out var design, out var parametric);
            if (problem != ElementStatus.Fitted)
                return RowsModel.Impossible(problem);
            var designs = new List<(GamDesign Design, DenseMatrix Parametric)> { (design!, parametric!) };
            foreach (var reduced in Reduced)
            {
                var own = reduced.Own(predictors);
                problem = reduced.Model.Assemble(
                    reduced.Model.Design.Build(rows, own),
                    [.. Enumerable.Range(0, rows.Length)],
                    rows,
                    own,
                    out design,
                    out parametric
                );
                if (problem != ElementStatus.Fitted)
                    return RowsModel.Impossible(problem);
                designs.Add((design!, parametric!));
            }
            return WithDesigns(frame, places, rows, designs);
        }
        catch (Exception impossible) when (impossible is BasisImpossibleException or SmoothBasisException)
        {
            return RowsModel.Impossible(ElementStatus.BasisImpossible);
        }
        catch (AliasedColumnsException)
        {
            return RowsModel.Impossible(ElementStatus.RankDeficient);
        }
    }

    private ElementStatus Assemble(
        DesignMatrix frame,
        int[] kept,
        int[] finite,
        ReadOnlySpan<ReadOnlyMemory<double>> predictors,
        out GamDesign? design,
        out DenseMatrix? parametric
    )
    {
        (design, parametric) = (null, null);
        var rows = CohortValues.Take<int>(frame.Rows, kept);
        var places = CohortValues.Take<int>(frame.PlaceInFinite, kept);
        var smooths = new List<Smooth>();
        foreach (var term in Terms)
        {
            var built = _wholeCohort?.On(term, rows) ?? Build(term, finite, places, predictors);
            smooths.AddRange(_parameters.TryGetValue(term, out var given) ? FixedParameters.In(built, given) : built);
        }
        if (smooths.Count != Smooths.Count)
            return ElementStatus.EmptyFactorLevel;
        // As in mgcv: no more coefficients than data.
        var weights = frame.Weights is null ? null : CohortValues.Take<double>(frame.Weights, kept);
        if (frame.Columns + smooths.Sum(smooth => smooth.X.Columns) > (weights?.Count(weight => weight > 0) ?? rows.Length))
            return ElementStatus.NoResidualDegreesOfFreedom;
        parametric = Parametric(frame, kept);
        // The weights of a family depend on the response as well.
        design =
            _correlated.Count > 0 ? GamDesign.Create(parametric, smooths, weights, _method, _gam.Gamma, _correlated)
            : Family is null ? GamDesign.Create(parametric, smooths, weights, _method, _gam.Gamma)
            : new(parametric, smooths, null, _method, _gam.Gamma);
        return ElementStatus.Fitted;
    }

    private RowsModel WithDesigns(DesignMatrix frame, int[] kept, int[] rows, List<(GamDesign Design, DenseMatrix Parametric)> designs)
    {
        var weights = frame.Weights is null ? null : CohortValues.Take<double>(frame.Weights, kept);
        var offset = frame.Offset is null ? null : CohortValues.Take<double>(frame.Offset, kept);
        var roots = weights?.Select(Math.Sqrt).ToArray();
        return new()
        {
            Rows = rows,
            RootWeights = roots,
            Offset = offset,
            LogWeights = weights?.Select(ReproducibleMath.Log).ToArray(),
            Designs = [.. designs.Select(one => one.Design)],
            Generalized = Family is null ? null : GeneralizedRows.Create(Family, designs, weights, offset, Design.HasIntercept),
            Null = new(rows.Length, roots, offset, Design.HasIntercept, _method),
            CurveBases = [.. Curves.Select(curve => curve.On(designs[0].Design.Smooths[curve.Smooth].Smooth))],
            SumsOfProjectors = [.. designs.Select(one => SumsOfProjector(one.Design))],
        };
    }

    private IReadOnlyList<Smooth> Build(SmoothTerm term, int[] finite, int[] places, ReadOnlySpan<ReadOnlyMemory<double>> predictors)
    {
        var linked = new List<IReadOnlyList<Covariate>>();
        foreach (var other in Links.With(term))
            linked.Add(ValuesOf(other, finite, places, predictors));
        var values = linked[Links.With(term).IndexOf(term)];
        var by = term.By is { } factor ? _covariates.From(factor, finite, places, predictors) : null;
        var request = Links.FirstOf(term).On(values, by, _gam);
        return SmoothBuilder.Build(linked.Count == 1 ? request : request with { Pooled = LinkedTerms.Pool(linked) });
    }

    private List<Covariate> ValuesOf(SmoothTerm term, int[] finite, int[] places, ReadOnlySpan<ReadOnlyMemory<double>> predictors)
    {
        var values = new List<Covariate>();
        foreach (var expression in term.Covariates)
            values.Add(_covariates.From(expression, finite, places, predictors));
        return values;
    }

    private static DenseMatrix Parametric(DesignMatrix frame, int[] kept)
    {
        var x = new DenseMatrix(kept.Length, frame.Columns);
        for (var i = 0; i < kept.Length; i++)
        for (var j = 0; j < frame.Columns; j++)
            x[i, j] = frame.Values[(j * frame.Rows.Length) + kept[i]];
        return x;
    }

    private static double[] SumsOfProjector(GamDesign design)
    {
        var sums = new double[design.Dimension];
        for (var i = 0; i < design.Rows; i++)
        for (var j = 0; j < sums.Length; j++)
            sums[j] += design.Projector[(i * sums.Length) + j];
        return sums;
    }
}
