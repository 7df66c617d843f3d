using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Structured.Tables;
using HpcFit.Worker.Mixed.Structured.Tiles;
using HpcFit.Worker.Mixed.Terms;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>
/// Linear mixed models with several random terms, nested or crossed, and with random slopes, by exact REML or ML, with the statistics of
/// lme4 and lmerTest.
/// </summary>
internal sealed class StructuredEngine : IModelEngine
{
    private readonly ModelSpec _spec;

    private StructuredEngine(
        ModelSpec model,
        RandomTerms terms,
        ModelDesign design,
        CohortTable cohort,
        string responseScalar,
        KernelChoice kernel
    )
    {
        _spec = model;
        (Design, Subjects, Kernel) = (design, cohort.Rows, kernel);
        Structure = RandomStructure.Create(terms, design, cohort);
        Random = new(Structure);
        Hypotheses = HypothesisSet.Create(model, design);
        Columns = new(model, design, Random.Names, [.. Structure.Factors.Select(factor => factor.Name)], Hypotheses);
        Layout = Columns.Layout;
        Scalars = [responseScalar, .. design.ScalarPredictors];
        CohortColumns = UsedColumns.Find(cohort, design, Scalars, design.Formula.Variables, model.Weights);
        RebuildsOnRows = design.RebuildsOnRows || terms.Terms.Any(term => term.Slopes.Any(Evaluator.DependsOnRows));
        var tables = CheckWholeCohort();
        RankOfCohort = tables?.Rank ?? design.ColumnNames.Count;
        if (
            tables is { LacksGroups: false }
            && tables.Rows > tables.Rank
            && !design.ResponseIsTransformed
            && kernel != KernelChoice.Reference
            && SharedStructure.Create(Structure, tables) is { } shared
        )
            WholeCohort = (shared, new(shared, !Options.Ml));
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
            .. Structure.Factors.Select(factor => factor.OfEmptyTexts).OfType<string>().Distinct(),
            .. Columns.Ineffective(_spec),
            .. Design.Aliases().Select(alias => $"{alias}: its coefficient is not estimated (NaN); lme4 drops the column."),
        ];

    /// <inheritdoc/>
    public int NumericVersion => 6;

    /// <summary>The model matrix of the fixed effects.</summary>
    public ModelDesign Design { get; }

    /// <summary>The random terms.</summary>
    public RandomStructure Structure { get; }

    /// <summary>The statistics of random effects.</summary>
    public RandomColumns Random { get; }

    /// <summary>Contrasts, then F tests.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses { get; }

    /// <inheritdoc/>
    public ModelMatrix? Matrix => _spec.Hypotheses is null ? null : MatrixHead.Create(Design, Hypotheses);

    /// <summary>The result columns.</summary>
    public MixedColumns Columns { get; }

    /// <summary>The number of subjects in the cohort.</summary>
    public int Subjects { get; }

    /// <summary>An element is fitted when more subjects of the subset than this are finite.</summary>
    public double Threshold { get; }

    /// <summary>Columns that are not aliased on the whole cohort; all of them where scalars are predictors.</summary>
    public int RankOfCohort { get; }

    /// <summary>Whether fixed or random effects depend on the set of rows.</summary>
    public bool RebuildsOnRows { get; }

    /// <summary>Whether elements with the same missing subjects are fitted together.</summary>
    public bool SharesPatterns => Kernel != KernelChoice.Reference && !Design.VariesWithScalars && !Design.ResponseIsTransformed;

    /// <summary>How elements are fitted.</summary>
    public KernelChoice Kernel { get; }

    /// <summary>What elements without missing subjects share; null: elements are fitted one by one.</summary>
    public (SharedStructure Shared, StartLattice Lattice)? WholeCohort { get; }

    /// <summary>The arguments of the model.</summary>
    public MixedSpec Options => _spec.Mixed ?? new();

    /// <summary>Checks a model against a cohort and a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohortInFileOrder">The cohort, row i for the response scalar's source i.</param>
    /// <param name="scalarsOfFile">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <exception cref="BadInputException">The formula, weights or groups cannot be used with this cohort.</exception>
    /// <exception cref="UsageException">A statistic or correction has an unknown name.</exception>
    public static StructuredEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) => Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, KernelEnvironment.Read());

    /// <summary>The same with a chosen kernel.</summary>
    internal static StructuredEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        KernelChoice kernel
    )
    {
        var formula = MixedFormula.Parse(model);
        RefuseOptionsOfOneTerm(model);
        var terms = RandomTerms.Read(formula, cohortInFileOrder);
        var options = new DesignOptions
        {
            Contrasts = model.Contrasts,
            WeightsColumn = model.Weights,
            Subset = model.Subset,
            RoleOutsideTerms = MixedFormula.RandomRole,
        };
        var design = ModelDesign.Create(terms.Fixed, cohortInFileOrder, scalarsOfFile, responseScalar, options);
        return design.ColumnNames.Count > 0
            ? new(model, terms, design, cohortInFileOrder, responseScalar, kernel)
            : throw new BadInputException($"The formula '{formula}' has no fixed effect. Add a predictor or the intercept.");
    }

    private static void RefuseOptionsOfOneTerm(ModelSpec model)
    {
        if (model.Mixed is { TestRandom: not null })
            throw new UsageException(
                "--test-random is available for one random intercept, such as (1 | id), not for several terms or slopes. Omit it."
            );
    }

    /// <summary>Refuses random effects that fixed effects explain; the tables of all subjects, null if elements share none.</summary>
    private StructuredDesign? CheckWholeCohort()
    {
        if (Design.VariesWithScalars)
            return null;
        int[] all = [.. Enumerable.Range(0, Subjects)];
        var design = Design.Build(all, []);
        int[] places = [.. Enumerable.Range(0, design.Rows.Length).Where(i => design.Weights is null || design.Weights[i] > 0)];
        if (design.Problem != DesignProblem.None || places.Length == 0)
            return null;
        var tables = new StructuredDesign(Design, Subjects, Structure, Hypotheses) { Design = design };
        tables.Factor(design, all, places);
        if (tables.Confounded >= 0)
        {
            var term = Structure.Terms[tables.Confounded].Term;
            throw new FormulaException(
                $"{term.Text}: the fixed effects of the formula explain every difference between the groups of {term.Group}, so that no "
                    + $"variance is left for the term. Omit the fixed effect of {term.Group}, or the term.",
                Design.Formula.Text,
                term.Source.Span
            );
        }
        if (tables.EqualFactors is var (first, second))
            throw new BadInputException(
                $"The groups of {Structure.Factors[second].Name} are those of {Structure.Factors[first].Name}, so that their variances "
                    + "cannot be separated. Omit one of the terms."
            );
        return tables;
    }

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => new StructuredFitter(this);
}
