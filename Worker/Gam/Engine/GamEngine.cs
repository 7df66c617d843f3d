using System.Globalization;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Generalised additive models: mgcv's fits with the statistics and columns of ModelArray.gam.</summary>
internal sealed class GamEngine : IModelEngine
{
    /// <summary>The number of levels from which dense columns are announced.</summary>
    private const int ManyLevels = 100;

    /// <summary>The time of a fit with dense columns, by the cube of their number, as measured with 110 and 310.</summary>
    private const double SecondsPerCube = 2.6e-8;

    private readonly ModelSpec _spec;

    private GamEngine(
        ModelSpec spec,
        GamModel model,
        CohortTable cohort,
        string responseScalar,
        KernelChoice kernel,
        long cacheBytes,
        Func<GamModel, IReadOnlyList<Hypothesis>, IGamOutputs> outputs
    )
    {
        (_spec, Kernel, CacheBytes) = (spec, kernel, cacheBytes);
        Model = model;
        Subjects = cohort.Rows;
        Hypotheses = HypothesisSet.Create(spec, model.Design);
        Outputs = outputs(model, Hypotheses);
        Layout = Outputs.Layout;
        Scalars = [responseScalar, .. model.Design.ScalarPredictors];
        CohortColumns = UsedColumns.Find(cohort, model.Design, Scalars, VariablesOf(model), spec.Weights);
        if (spec.Gam?.SmoothIntervals == GamSpec.Simultaneous && model.Curves.Count > 0)
            Draws = new(model.LargestSmooth);
        Threshold = spec.SubjectThreshold(model.Design.Subset.Rows.Length);
        if (!model.Design.VariesWithScalars)
            WholeCohort = model.Build([.. Enumerable.Range(0, Subjects)], [], default);
    }

    /// <inheritdoc/>
    public ResultLayout Layout { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Scalars { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> CohortColumns { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> CompleteRows => Model.Design.CompleteRows;

    /// <inheritdoc/>
    public ModelFrame Frame => Model.Design.Frame;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings =>
        [
            .. Model.Design.Warnings,
            .. Outputs.Ineffective(_spec),
            .. HypothesisSet.Ineffective(_spec, Hypotheses),
            .. Model.Terms.SelectMany(term => term.Notices),
            .. Model.Links.Notices,
            .. WithoutDerivative(),
            .. Dependences(),
            .. DenseEffects(),
        ];

    /// <inheritdoc/>
    public int NumericVersion => 15;

    /// <inheritdoc/>
    public ModelMatrix? Matrix => _spec.Hypotheses is null ? null : MatrixHead.Create(Model.Design, Hypotheses);

    /// <summary>Contrasts and F tests of the parametric part.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses { get; }

    /// <summary>Which implementation fits the elements; <see cref="KernelChoice.Reference"/> builds the model of every element
    /// separately.</summary>
    public KernelChoice Kernel { get; }

    /// <summary>The memory limit, in bytes, of a thread's cache of models per missing pattern.</summary>
    public long CacheBytes { get; }

    /// <summary>The model.</summary>
    public GamModel Model { get; }

    /// <summary>The result columns.</summary>
    public IGamOutputs Outputs { get; }

    /// <summary>The draws from which simultaneous intervals of curves are computed; null: none are requested.</summary>
    public NormalDraws? Draws { get; }

    /// <summary>All subjects of the cohort.</summary>
    public int Subjects { get; }

    /// <summary>An element is fitted if more subjects of the subset than this are finite, as in ModelArray.</summary>
    public double Threshold { get; }

    /// <summary>The model of elements without missing subjects; null if it differs between such elements.</summary>
    public RowsModel? WholeCohort { get; }

    /// <summary>Checks a model against a cohort and a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohortInFileOrder">The cohort, row i belonging to the response scalar's source i.</param>
    /// <param name="scalarsOfFile">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <exception cref="BadInputException">The formula, a smooth, weights or contrasts cannot be used with this cohort.</exception>
    /// <exception cref="UsageException">A statistic, a correction or an option's value is wrong.</exception>
    public static GamEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) => Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, KernelEnvironment.Read(), RowsCache.DefaultBytes);

    /// <summary>The same with a given kernel and cache size.</summary>
    public static GamEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        KernelChoice kernel,
        long cacheBytes
    ) =>
        Create(
            model,
            GamModel.Create(model, cohortInFileOrder, scalarsOfFile, responseScalar),
            cohortInFileOrder,
            responseScalar,
            kernel,
            cacheBytes,
            (bound, hypotheses) => GamColumns.Create(model, GamTermNames.Create(bound), bound.Curves, hypotheses, bound)
        );

    /// <summary>The engine of a model that is bound, with given outputs.</summary>
    public static GamEngine Create(
        ModelSpec spec,
        GamModel model,
        CohortTable cohortInFileOrder,
        string responseScalar,
        KernelChoice kernel,
        long cacheBytes,
        Func<GamModel, IReadOnlyList<Hypothesis>, IGamOutputs> outputs
    ) => new(spec, model, cohortInFileOrder, responseScalar, kernel, cacheBytes, outputs);

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => TileModel is { } whole ? new GamTileFitter(this, whole) : new GamBlockFitter(this);

    /// <summary>Whether elements with the same missing subjects have the same model, which a thread then builds once.</summary>
    public bool SharesModels => !Model.Design.VariesWithScalars && Kernel != KernelChoice.Reference;

    /// <summary>
    /// The model with which tiles of elements are fitted; null when each element is fitted by itself. Partial R² with weights needs the
    /// unweighted squares of each row, not only the projections of weighted rows.
    /// </summary>
    private RowsModel? TileModel =>
        SharesModels
        && Model.Family is null
        && !Model.Design.ResponseIsTransformed
        && WholeCohort is { Problem: ElementStatus.Fitted } whole and not { RootWeights: not null, Designs.Count: > 1 }
            ? whole
            : null;

    /// <summary>Describes unpenalised columns that are linear combinations of others: parametric columns by name, and columns that involve
    /// a smooth.</summary>
    private IEnumerable<string> Dependences()
    {
        var aliases = Model.Design.Aliases();
        var isShared = Model.Method == SmoothnessMethod.Gcv;
        const string Shared = "the effect is shared among them, as in mgcv";
        const string Dropped = "one of these coefficients is dropped, with estimate 0 and no test";
        foreach (var alias in aliases)
            yield return $"{alias}: {(isShared ? Shared : $"{Dropped}, as in mgcv")}.";
        if (
            WholeCohort is { Problem: ElementStatus.Fitted } whole
            && whole.Designs[0] is var design
            && design.IntegratedCount - design.UnpenalisedCount > aliases.Count
        )
            yield return "An unpenalised function of a smooth, such as its straight line, is in the model twice (x + s(x), or "
                + "two smooths of one variable): "
                + (
                    isShared
                        ? $"{Shared}."
                        : $"{Dropped}. mgcv drops one, too, but of two smooths perhaps the other's: the fit is the same then, and edf and "
                            + "tests of the two are not."
                );
    }

    /// <summary>Announces random effects whose levels are dense columns, and what that costs.</summary>
    private IEnumerable<string> DenseEffects()
    {
        if (WholeCohort is not { Problem: ElementStatus.Fitted } whole)
            yield break;
        var design = whole.Designs[0];
        var cause =
            Model.Family is not null ? "families other than the normal one fit"
            : Model.Method is not (SmoothnessMethod.Reml or SmoothnessMethod.Ml) ? $"--method {(_spec.Gam ?? new()).Method} fits"
            : Enumerable.Range(0, design.Smooths.Count).FirstOrDefault(s => design.Smooths[s].IsAbsorbed, -1) is >= 0 and var absorbed
                ? $"this model, in which {Outputs.Label(Model.Smooths[absorbed])} is eliminated, fits"
            : "this model fits";
        var remedy = cause.StartsWith("--method", StringComparison.Ordinal)
            ? " With --method REML or ML it takes less than a thousandth of that."
            : "";
        var seconds = SecondsPerCube * Math.Pow(design.Dimension, 3);
        for (var s = 0; s < design.Smooths.Count; s++)
            if (design.Smooths[s] is { IsAbsorbed: false, Count: >= ManyLevels, Smooth.IsRandomEffect: true } place)
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Outputs.Label(Model.Smooths[s])} has {place.Count} levels, which {cause} as dense columns, in some {seconds:G1} s "
                ) + $"per element.{remedy}";
    }

    private IEnumerable<string> WithoutDerivative()
    {
        if (_spec.Gam is not { SmoothDerivatives: true })
            yield break;
        for (var s = 0; s < Model.Smooths.Count; s++)
            if (!Model.Smooths[s].Term.IsRandomEffect && !Model.Curves.Any(curve => curve.IsDerivative && curve.Smooth == s))
                yield return $"--smooth-derivatives: {Model.Smooths[s].Label} has no derivative; only smooths of one "
                    + "cohort column have one.";
    }

    private static IEnumerable<Expression> VariablesOf(GamModel model) =>
        model
            .Design.Formula.Variables.Where(variable => !SmoothCall.IsSmooth(variable))
            .Concat(model.Terms.SelectMany(term => term.Covariates.Concat(term.By is { } by ? [by] : [])));
}
