using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Linear;

/// <summary>Linear models: one least squares fit per element, with the statistics and columns of ModelArray.lm.</summary>
internal sealed class LinearEngine : IModelEngine
{
    private readonly ModelSpec _spec;
    private readonly string? _emptyTexts;

    private LinearEngine(ModelSpec model, ModelDesign design, CohortTable cohort, string responseScalar, KernelChoice kernel)
    {
        _spec = model;
        Kernel = kernel;
        Design = design;
        Subjects = cohort.Rows;
        Plan = InferencePlan.Create(model, design, cohort);
        _emptyTexts = model.Hypotheses?.Cluster is { } column ? SubjectClusters.OfEmptyTexts(cohort, column, design.CompleteRows) : null;
        Columns = LinearColumns.Create(model, design, Hypotheses);
        Layout = Columns.Layout;
        Scalars = [responseScalar, .. design.ScalarPredictors];
        CohortColumns = UsedColumns.Find(cohort, design, Scalars, design.Formula.Variables, model.Weights, model.Hypotheses?.Cluster);
        Threshold = model.SubjectThreshold(design.Subset.Rows.Length);
        WholeCohort = WholeCohortDesign.Create(design, Subjects, Plan);
    }

    /// <inheritdoc/>
    public ResultLayout Layout { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Scalars { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> CohortColumns { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> CompleteRows => Design.CompleteRows;

    /// <inheritdoc/>
    public ModelFrame Frame => Design.Frame;

    /// <inheritdoc/>
    public ModelMatrix? Matrix => _spec.Hypotheses is null ? null : MatrixHead.Create(Design, Hypotheses);

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings =>
        [
            .. Design.Warnings,
            .. new[] { _emptyTexts }.OfType<string>(),
            .. Columns.Ineffective(_spec),
            .. Design.Aliases().Select(alias => $"{alias}: its coefficient is not estimated (NaN), as in R."),
            .. NotEstimable(),
            .. WithoutRobustErrors(),
            .. HypothesisSet.Ineffective(_spec, Hypotheses),
            .. EffectSizes.Ineffective(_spec, Design),
        ];

    /// <inheritdoc/>
    public int NumericVersion => 5;

    /// <summary>Which implementation fits the elements.</summary>
    public KernelChoice Kernel { get; }

    /// <summary>The model matrix.</summary>
    public ModelDesign Design { get; }

    /// <summary>The result columns.</summary>
    public LinearColumns Columns { get; }

    /// <summary>What is computed besides the coefficients.</summary>
    public InferencePlan Plan { get; }

    /// <summary>The contrasts and F tests.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses => Plan.Hypotheses;

    /// <summary>The number of subjects in the cohort.</summary>
    public int Subjects { get; }

    /// <summary>An element is fitted when more subjects of the subset than this are finite, as in ModelArray.</summary>
    public double Threshold { get; }

    /// <summary>The factored design of elements where no subject is missing; null when the design differs between such elements.</summary>
    public WholeCohortDesign? WholeCohort { get; }

    /// <summary>Columns that are not aliased on the whole cohort; all of them where scalars are predictors.</summary>
    public int RankOfCohort => WholeCohort?.Rank ?? Design.ColumnNames.Count;

    /// <summary>Checks a model against a cohort and a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohortInFileOrder">The cohort, row i for the response scalar's source i.</param>
    /// <param name="scalarsOfFile">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <exception cref="BadInputException">The formula, weights or contrasts cannot be used with this cohort.</exception>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    public static LinearEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) => Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, KernelEnvironment.Read());

    /// <summary>The same with a chosen kernel.</summary>
    public static LinearEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        KernelChoice kernel
    )
    {
        var formula = Formula.Parse(model.Formula);
        if (formula.Smooths.Count > 0)
            throw new FormulaException(
                "A linear model has no smooths. Fit it with --model gam.",
                formula.Text,
                formula.Smooths[0].Call.Span
            );
        if (RandomEffect.Find(formula, cohortInFileOrder) is { } random)
            throw new FormulaException(
                $"({random.Term}) is a random effect, which --model lm does not have. Fit it with --model lmm, or write fixed effects "
                    + $"instead, {random.AsFixed}, or fit --model gam with {random.AsSmooths}.",
                formula.Text,
                random.Term.Span
            );
        var options = new DesignOptions
        {
            Contrasts = model.Contrasts,
            WeightsColumn = model.Weights,
            Subset = model.Subset,
        };
        var design = ModelDesign.Create(formula, cohortInFileOrder, scalarsOfFile, responseScalar, options);
        return design.ColumnNames.Count > 0
            ? new(model, design, cohortInFileOrder, responseScalar, kernel)
            : throw new BadInputException($"The formula '{formula}' leaves no coefficient to estimate. Add a predictor or the intercept.");
    }

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => new LinearFitter(this);

    /// <summary>Contrasts and tests that no element without missing subjects can have.</summary>
    private IEnumerable<string> NotEstimable()
    {
        for (var h = 0; WholeCohort is not null && h < Hypotheses.Count; h++)
        {
            var (scale, rows) = (WholeCohort.Hypotheses.Scales[h], Hypotheses[h].Rows.Count);
            if (double.IsNaN(scale))
                yield return $"The {KindOf(h)} '{Hypotheses[h].Name}' cannot be estimated from these subjects, because columns of the "
                    + "model are linear combinations of others: its results are NaN.";
            else if (Hypotheses[h].Kind == HypothesisKind.F && scale < rows)
                yield return $"The test '{Hypotheses[h].Name}' has {scale} instead of {rows} degrees of freedom, because columns of the "
                    + "model are linear combinations of others.";
        }
    }

    private IEnumerable<string> WithoutRobustErrors()
    {
        if (WholeCohort?.Robust is not { } robust)
            yield break;
        var names = Design.ColumnNames.Where((_, column) => robust.IsUndefined(column)).ToList();
        if (names.Count > 0)
            yield return $"Standard errors of the kind {Plan.StandardErrors} do not exist for {string.Join(", ", names)}, because each "
                + "depends on a subject that determines a coefficient alone, such as the only one of a level: they are NaN, as are tests "
                + "of these coefficients. Join small levels, or leave such subjects out with --subset.";
    }

    private string KindOf(int hypothesis) => Hypotheses[hypothesis].Kind == HypothesisKind.F ? "test" : "contrast";
}
