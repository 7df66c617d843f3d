using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Profile;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Terms;
using HpcFit.Worker.Mixed.Tiles;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed;

/// <summary>Linear mixed models with a random intercept, by exact REML or ML, with the statistics of lme4 and lmerTest.</summary>
internal sealed class MixedEngine : IModelEngine
{
    private readonly ModelSpec _spec;

    private MixedEngine(
        ModelSpec model,
        RandomIntercept random,
        ModelDesign design,
        CohortTable cohort,
        string responseScalar,
        KernelChoice kernel
    )
    {
        _spec = model;
        (Random, Design, Subjects, Kernel) = (random, design, cohort.Rows, kernel);
        Groups = GroupingFactor.Create(design, random, cohort);
        Hypotheses = HypothesisSet.Create(model, design);
        Columns = new(model, design, random.Name, Hypotheses);
        Layout = Columns.Layout;
        Scalars = [responseScalar, .. design.ScalarPredictors];
        CohortColumns = UsedColumns.Find(cohort, design, Scalars, design.Formula.Variables, model.Weights);
        var tables = CheckWholeCohort();
        RankOfCohort = tables?.Rank ?? design.ColumnNames.Count;
        if (
            tables is { LacksGroups: false }
            && tables.Rows > tables.Rank
            && !design.ResponseIsTransformed
            && kernel != KernelChoice.Reference
        )
        {
            WholeCohort = new(tables);
            if (Options.TestRandom == MixedSpec.Exact)
                tables.Null.Ensure(tables, !Options.Ml);
        }
        Threshold = model.SubjectThreshold(design.Subset.Rows.Length);
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
    public IReadOnlyList<string> Warnings =>
        [
            .. Design.Warnings,
            .. new[] { Groups.OfEmptyTexts }.OfType<string>(),
            .. Columns.Ineffective(_spec),
            .. Design.Aliases().Select(alias => $"{alias}: its coefficient is not estimated (NaN); lme4 drops the column."),
        ];

    /// <inheritdoc/>
    public int NumericVersion => 6;

    /// <summary>The random term.</summary>
    public RandomIntercept Random { get; }

    /// <summary>The model matrix of the fixed effects.</summary>
    public ModelDesign Design { get; }

    /// <summary>The groups.</summary>
    public GroupingFactor Groups { get; }

    /// <summary>The result columns.</summary>
    public MixedColumns Columns { get; }

    /// <summary>Contrasts and F tests.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses { get; }

    /// <inheritdoc/>
    public ModelMatrix? Matrix => _spec.Hypotheses is null ? null : MatrixHead.Create(Design, Hypotheses);

    /// <summary>The number of coefficients and contrasts.</summary>
    public int CombinationCount => Design.ColumnNames.Count + Hypotheses.Count - TestCount;

    /// <summary>The number of F tests.</summary>
    public int TestCount => Hypotheses.Count(one => one.Kind == HypothesisKind.F);

    /// <summary>The number of subjects in the cohort.</summary>
    public int Subjects { get; }

    /// <summary>An element is fitted when more subjects of the subset than this are finite.</summary>
    public double Threshold { get; }

    /// <summary>Columns that are not aliased on the whole cohort; all of them where scalars are predictors.</summary>
    public int RankOfCohort { get; }

    /// <summary>The groups of elements without missing subjects; null: elements are fitted one by one.</summary>
    public SharedGroups? WholeCohort { get; }

    /// <summary>Whether elements with the same missing subjects are fitted together.</summary>
    public bool SharesPatterns => Kernel != KernelChoice.Reference && !Design.VariesWithScalars && !Design.ResponseIsTransformed;

    /// <summary>How elements are fitted.</summary>
    public KernelChoice Kernel { get; }

    /// <summary>The arguments of the model.</summary>
    public MixedSpec Options => _spec.Mixed ?? new();

    /// <summary>Checks a model against a cohort and a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohortInFileOrder">The cohort, row i for the response scalar's source i.</param>
    /// <param name="scalarsOfFile">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <exception cref="BadInputException">The formula, weights or groups cannot be used with this cohort.</exception>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    public static MixedEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) => Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, KernelEnvironment.Read());

    /// <summary>The same with a chosen kernel.</summary>
    internal static MixedEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        KernelChoice kernel
    )
    {
        var formula = MixedFormula.Parse(model);
        var random = RandomIntercept.Read(formula, cohortInFileOrder);
        CheckTested(model.Mixed?.TestRandom, random.Name);
        var options = new DesignOptions
        {
            Contrasts = model.Contrasts,
            WeightsColumn = model.Weights,
            Subset = model.Subset,
            RoleOutsideTerms = MixedFormula.RandomRole,
        };
        var design = ModelDesign.Create(random.Fixed, cohortInFileOrder, scalarsOfFile, responseScalar, options);
        return design.ColumnNames.Count > 0
            ? new(model, random, design, cohortInFileOrder, responseScalar, kernel)
            : throw new BadInputException($"The formula '{formula}' has no fixed effect. Add a predictor or the intercept.");
    }

    private static void CheckTested(string? tested, string group)
    {
        if (tested == MixedSpec.Exact && group == MixedSpec.Exact)
            throw new UsageException(
                $"--test-random {tested}: the grouping factor has the name of the exact test. Give the column another name with --column."
            );
        if (tested is not null and not MixedSpec.Exact && tested != group)
            throw new UsageException(
                $"--test-random {tested}: the grouping factor of the formula is '{group}'. Write it, or {MixedSpec.Exact} for the exact "
                    + "test."
            );
    }

    /// <summary>Refuses groups that fixed effects explain; the tables of all subjects, null if elements share none.</summary>
    private GroupedDesign? CheckWholeCohort()
    {
        if (Design.VariesWithScalars)
            return null;
        var design = Design.Build([.. Enumerable.Range(0, Subjects)], []);
        int[] places = [.. Enumerable.Range(0, design.Rows.Length).Where(i => design.Weights is null || design.Weights[i] > 0)];
        if (design.Problem != DesignProblem.None || places.Length == 0)
            return null;
        var tables = new GroupedDesign(Subjects, Design.ColumnNames.Count, Groups, Hypotheses) { Design = design };
        tables.Factor(design, [], places);
        return tables is not { LacksGroups: true, Groups: > 1 } || tables.Groups == tables.Rows
            ? tables
            : throw new BadInputException(
                $"(1 | {Random.Name}): the fixed effects of '{Design.Formula}' explain every difference between the groups of "
                    + $"{Random.Name}, so that no variance is left for them. Omit the fixed effect of {Random.Name}, or fit --model lm."
            );
    }

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => new MixedFitter(this);
}
