using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Families;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Generalized;

/// <summary>Generalised linear models by maximum likelihood, with the statistics of R's glm.</summary>
internal sealed class GeneralizedEngine : IModelEngine
{
    private readonly ModelSpec _spec;
    private readonly Family _family;

    private GeneralizedEngine(
        ModelSpec model,
        FamilySpec family,
        ModelDesign design,
        CohortTable cohort,
        string response,
        KernelChoice kernel
    )
    {
        (_spec, Family, _family, Kernel) = (model, family, Families.Family.Create(family), kernel);
        (Design, Subjects) = (design, cohort.Rows);
        Hypotheses = HypothesisSet.Create(model, design);
        Columns = new(model, _family, design.ColumnNames, Hypotheses);
        Layout = Columns.Layout;
        Scalars = [response, .. design.ScalarPredictors];
        CohortColumns = UsedColumns.Find(cohort, design, Scalars, design.Formula.Variables, model.Weights);
        Threshold = model.SubjectThreshold(design.Subset.Rows.Length);
        RankOfCohort = CheckWholeCohort();
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
            .. Columns.Ineffective(_spec),
            .. Design.Aliases().Select(alias => $"{alias}: its coefficient is not estimated (NaN), as in R."),
            .. HypothesisSet.Ineffective(_spec, Hypotheses),
            .. HypothesisSet.WithoutLimits(_spec),
        ];

    /// <inheritdoc/>
    public int NumericVersion => 2;

    /// <summary>The family.</summary>
    public FamilySpec Family { get; }

    /// <summary>Whether the dispersion is 1.</summary>
    public bool HasKnownDispersion => _family.HasKnownDispersion;

    /// <summary>The responses that the family has, for messages.</summary>
    public string ResponseRange => _family.Range;

    /// <summary>Whether a response with a weight belongs to the family.</summary>
    public bool Accepts(double response, double weight) => _family.Accepts(response, weight);

    /// <summary>The implementation that fits the elements.</summary>
    public KernelChoice Kernel { get; }

    /// <summary>Whether elements are fitted with MathNet.Numerics.</summary>
    public bool IsReference => Kernel == KernelChoice.Reference;

    /// <summary>The rows of elements without missing subjects; null: no two elements share them, or they have a problem.</summary>
    public SharedRows? WholeCohort { get; private set; }

    /// <summary>The model matrix.</summary>
    public ModelDesign Design { get; }

    /// <summary>The contrasts and tests.</summary>
    public IReadOnlyList<Hypothesis> Hypotheses { get; }

    /// <summary>The result columns.</summary>
    public GeneralizedColumns Columns { get; }

    /// <summary>The number of subjects in the cohort.</summary>
    public int Subjects { get; }

    /// <summary>An element is fitted when more subjects of the subset than this are finite.</summary>
    public double Threshold { get; }

    /// <summary>The coverage of confidence intervals.</summary>
    public double ConfLevel => (_spec.Hypotheses ?? new()).ConfLevel;

    /// <summary>Columns that are not aliased on the whole cohort; all of them where scalars are predictors.</summary>
    public int RankOfCohort { get; }

    /// <summary>Checks a model against a cohort and a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohortInFileOrder">The cohort, row i for the response scalar's source i.</param>
    /// <param name="scalarsOfFile">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <exception cref="BadInputException">The formula, weights or contrasts cannot be used with this cohort.</exception>
    /// <exception cref="UsageException">A statistic or correction has an unknown name, or an option does not apply.</exception>
    public static GeneralizedEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) => Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, KernelEnvironment.Read());

    /// <summary>The same with a chosen kernel.</summary>
    public static GeneralizedEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        KernelChoice kernel
    )
    {
        var family = model.Family ?? throw new BadInputException("The spec names the engine glm, and no family.");
        if (model.Hypotheses is { StandardErrors: not null } or { Cluster: not null })
            throw new UsageException(
                $"--se and --cluster are those of least squares, not of --family {family.Name}. Omit them, or fit without --family."
            );
        if (model.Permutation is not null)
            throw new UsageException(
                $"Permutation tests are those of least squares, not of --family {family.Name}. Omit them, or fit without --family."
            );
        var formula = Formula.Parse(model.Formula);
        if (formula.Smooths.Count > 0)
            throw new FormulaException(
                "A linear model has no smooths. Fit it with --model gam.",
                formula.Text,
                formula.Smooths[0].Call.Span
            );
        if (RandomEffect.Find(formula, cohortInFileOrder) is { } random)
            throw new FormulaException(
                $"({random.Term}) is a random effect, which --model lm does not have. Write fixed effects instead, {random.AsFixed}.",
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
            ? new(model, family, design, cohortInFileOrder, responseScalar, kernel)
            : throw new BadInputException($"The formula '{formula}' leaves no coefficient to estimate. Add a predictor or the intercept.");
    }

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => new GeneralizedFitter(this);

    /// <summary>Factors the model matrix and returns its rank; refuses numbers of trials that are not whole.</summary>
    private int CheckWholeCohort()
    {
        var columns = Design.ColumnNames.Count;
        var design = Design.VariesWithScalars ? null : Design.Build([.. Enumerable.Range(0, Subjects)], []);
        if (design is not { Problem: DesignProblem.None })
            return columns;
        if (design.Weights is { } weights && Family.Name == "binomial")
            foreach (var weight in weights)
                if (weight != Math.Round(weight))
                    throw new BadInputException(
                        $"--weights {_spec.Weights} has the value {weight}: for --family binomial weights are numbers of trials, whole "
                            + "numbers. For other weights use --family quasibinomial."
                    );
        int[] places = [.. Enumerable.Range(0, design.Rows.Length).Where(i => design.Weights?[i] is not 0)];
        if (places.Length == 0)
            return columns;
        var rows = new ObservedRows(Subjects, columns, IsReference);
        rows.Factor(design, [], places);
        if (!IsReference && rows.Rank > 0 && Design.ScalarPredictors.Count == 0)
            WholeCohort = new(rows, canRemoveRows: rows.Rank == columns && !Design.RebuildsOnRows);
        return rows.Rank;
    }
}
