using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Terms;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>
/// Additive models with random effects in lme4's notation: fits of the gam engine by REML or ML, in which a random effect is a smooth
/// <c>bs = "re"</c>, with the statistics of gam and of mixed models.
/// </summary>
internal sealed class MixedGamEngine : IModelEngine
{
    /// <summary>The version of what this engine computes from the fits of the gam engine.</summary>
    private const int OwnVersion = 2;

    private const int VersionsOfGam = 1000;

    private MixedGamEngine(GamEngine gam, RandomGroups random, ModelFrame frame) => (Gam, Random, Frame) = (gam, random, frame);

    /// <summary>The engine that fits.</summary>
    public GamEngine Gam { get; }

    /// <summary>The random terms.</summary>
    public RandomGroups Random { get; }

    /// <summary>The result columns.</summary>
    public MixedGamColumns Columns => (MixedGamColumns)Gam.Outputs;

    /// <inheritdoc/>
    public ResultLayout Layout => Gam.Layout;

    /// <inheritdoc/>
    public IReadOnlyList<string> Scalars => Gam.Scalars;

    /// <inheritdoc/>
    public IReadOnlyList<string> CohortColumns => Gam.CohortColumns;

    /// <inheritdoc/>
    public int NumericVersion => (OwnVersion * VersionsOfGam) + Gam.NumericVersion;

    /// <inheritdoc/>
    public IReadOnlyList<int> CompleteRows => Gam.CompleteRows;

    /// <inheritdoc/>
    public ModelFrame Frame { get; }

    /// <inheritdoc/>
    public ModelMatrix? Matrix => Gam.Matrix;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings =>
        [.. Random.Factors.Select(factor => factor.OfEmptyTexts).OfType<string>().Distinct(), .. Gam.Warnings];

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => Gam.CreateFitter();

    /// <summary>Checks a model against a cohort and a file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cohortInFileOrder">The cohort, row i for the response scalar's source i.</param>
    /// <param name="scalarsOfFile">The scalars of the file.</param>
    /// <param name="responseScalar">The scalar that is fitted.</param>
    /// <exception cref="BadInputException">The formula, weights or groups cannot be used with this cohort.</exception>
    /// <exception cref="UsageException">A statistic, a correction or an option's value is wrong.</exception>
    public static MixedGamEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar
    ) => Create(model, cohortInFileOrder, scalarsOfFile, responseScalar, KernelEnvironment.Read(), RowsCache.DefaultBytes);

    /// <summary>The same with a given kernel and cache size.</summary>
    internal static MixedGamEngine Create(
        ModelSpec model,
        CohortTable cohortInFileOrder,
        IReadOnlyList<string> scalarsOfFile,
        string responseScalar,
        KernelChoice kernel,
        long cacheBytes
    )
    {
        RefuseOptions(model);
        var terms = MixedGamTerms.Read(model.Formula, cohortInFileOrder, scalarsOfFile);
        var options = new DesignOptions
        {
            Contrasts = model.Contrasts,
            WeightsColumn = model.Weights,
            Subset = model.Subset,
        };
        var design = ModelDesign.Create(terms.With(terms.Terms), cohortInFileOrder, scalarsOfFile, responseScalar, options);
        var random = RandomGroups.Create(terms, design, cohortInFileOrder);
        var bound = Bind(model, terms, random, cohortInFileOrder, scalarsOfFile, responseScalar);
        var gam = GamEngine.Create(
            model,
            bound,
            cohortInFileOrder,
            responseScalar,
            kernel,
            cacheBytes,
            (gam, hypotheses) => new MixedGamColumns(model, gam, random, hypotheses)
        );
        if (gam.WholeCohort is { Problem: ElementStatus.NoResidualDegreesOfFreedom })
            throw new BadInputException(
                $"'{model.Formula}' has more coefficients, those of the {random.Distinct.Sum(factor => factor.Levels)} groups included, "
                    + $"than the {CountText.Format(design.CompleteRows.Count, "observation")} to estimate them from, which mgcv refuses. "
                    + "Give smooths a smaller k, omit a term, or fit --model lmm, which has no such limit."
            );
        // The groups by the names that were typed, without the function that makes factors of them.
        var typed = ModelDesign.Create(
            terms.Fixed,
            cohortInFileOrder,
            scalarsOfFile,
            responseScalar,
            options with
            {
                RoleOutsideTerms = MixedFormula.RandomRole,
            }
        );
        return new(gam, random, typed.Frame);
    }

    private static GamModel Bind(
        ModelSpec model,
        MixedGamTerms terms,
        RandomGroups random,
        CohortTable cohort,
        IReadOnlyList<string> scalars,
        string responseScalar
    )
    {
        var formula = terms.With(random.Terms);
        if (!random.AreCorrelated)
            return GamModel.Create(model, formula, cohort, scalars, responseScalar, random.ProblemOf);
        var several = random.Terms.First(term => term.Effects.Count > 1);
        IEnumerable<string> effects = [.. several.HasIntercept ? [] : new[] { "0" }, .. several.Slopes.Select(slope => slope.ToString())];
        var instead = $"({string.Join(" + ", effects)} || {several.Group})";
        if (model.Family is { } family)
            throw new BadInputException(
                $"{several.Text}: random effects may be correlated where the family is the normal one, and this is {family.Name}. Write "
                    + $"{instead} for effects without correlation."
            );
        // Without the random effects, to know the number of other smooths.
        var first = GamModel.Create(model, terms.Fixed, cohort, scalars, responseScalar).Smooths.Count;
        var bound = GamModel.Create(
            model,
            formula,
            cohort,
            scalars,
            responseScalar,
            random.ProblemOf,
            [.. random.ByFactor.Select(factor => factor.Select(term => term.Select(place => first + place).ToArray()).ToList())]
        );
        for (var s = 0; s < first; s++)
            if (!bound.AllowsCorrelated[s])
                throw new BadInputException(
                    $"{bound.Smooths[s].Label} has penalties that cannot be combined with correlated random effects, "
                        + $"those of {several.Text}. Write {instead} for effects without correlation, or another smooth."
                );
        return bound;
    }

    private static void RefuseOptions(ModelSpec model)
    {
        if (model.ColumnOrder is not null)
            throw new UsageException("--column-order belongs to --model lm and gam; this is --model gamm. Omit it.");
    }
}
