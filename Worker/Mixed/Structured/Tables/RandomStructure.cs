using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Mixed.Terms;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// The random terms of a model bound to a cohort. The grouping factor with the most random effects is absorbed: eliminated group by group.
/// The effects of the others, nested or crossed, form a dense block with the fixed effects.
/// </summary>
internal sealed class RandomStructure
{
    /// <summary>More parameters than this cannot be searched from several starts.</summary>
    private const int MostParameters = 12;

    /// <summary>More columns than this in the dense block take seconds and much memory per element.</summary>
    private const int MostDenseColumns = 1000;

    private int? _startPoints;

    private RandomStructure(IReadOnlyList<GroupingFactor> factors, IReadOnlyList<StructuredTerm> terms, int absorbed)
    {
        (Factors, Terms, Absorbed) = (factors, terms, absorbed);
        AbsorbedEffects = terms.Where(term => term.IsAbsorbed).Sum(term => term.Effects);
        DenseColumns = terms.Where(term => !term.IsAbsorbed).Sum(term => term.Effects * factors[term.Factor].Levels);
        Parameters =
        [
            .. terms.SelectMany(
                (term, index) =>
                    Enumerable
                        .Range(0, term.Effects)
                        .SelectMany(column =>
                            Enumerable.Range(column, term.Effects - column).Select(row => new ThetaParameter(index, row, column))
                        )
            ),
        ];
    }

    /// <summary>The grouping factors.</summary>
    public IReadOnlyList<GroupingFactor> Factors { get; }

    /// <summary>The terms, those with more levels first, as lme4 orders them.</summary>
    public IReadOnlyList<StructuredTerm> Terms { get; }

    /// <summary>The index of the absorbed factor.</summary>
    public int Absorbed { get; }

    /// <summary>The number of effects per group of the absorbed factor.</summary>
    public int AbsorbedEffects { get; }

    /// <summary>The number of random effects in the dense block.</summary>
    public int DenseColumns { get; }

    /// <summary>The parameters of all terms, columns of each factor one after the other.</summary>
    public IReadOnlyList<ThetaParameter> Parameters { get; }

    /// <summary>The number of starting points of a search.</summary>
    public int StartPoints => _startPoints ??= new StartGrid(this).Points.Length;

    /// <summary>Binds the terms.</summary>
    /// <exception cref="BadInputException">A factor or covariate cannot have a variance.</exception>
    public static RandomStructure Create(RandomTerms random, ModelDesign design, CohortTable cohort)
    {
        var factors = new List<GroupingFactor>();
        var bound = new List<(RandomTerm Term, int Factor, RandomCovariates Covariates)>();
        foreach (var term in random.Terms)
        {
            var factor = factors.FindIndex(one => one.Name == term.Group);
            if (factor < 0)
            {
                factor = factors.Count;
                factors.Add(GroupingFactor.Create(design, new(random.Fixed, term.Groups), cohort));
            }
            bound.Add((term, factor, RandomCovariates.Create(term, design, cohort.Rows)));
            Check(term, factors[factor], design);
        }
        bound = [.. bound.OrderByDescending(one => factors[one.Factor].Levels)];
        var columns = factors.Select(
            (one, index) => one.Levels * bound.Where(term => term.Factor == index).Sum(term => term.Covariates.Effects)
        );
        var absorbed = columns.Select((count, index) => (count, index)).OrderByDescending(one => one.count).First().index;
        return new RandomStructure(factors, Place(bound, factors, absorbed), absorbed).Checked();
    }

    private static List<StructuredTerm> Place(
        List<(RandomTerm Term, int Factor, RandomCovariates Covariates)> bound,
        List<GroupingFactor> factors,
        int absorbed
    )
    {
        var terms = new List<StructuredTerm>();
        int inner = 0,
            dense = 0,
            parameter = 0;
        foreach (var (term, factor, covariates) in bound)
        {
            var isAbsorbed = factor == absorbed;
            terms.Add(new(term, factor, covariates, isAbsorbed, isAbsorbed ? inner : dense, parameter));
            parameter += terms[^1].Parameters;
            if (isAbsorbed)
                inner += covariates.Effects;
            else
                dense += covariates.Effects * factors[factor].Levels;
        }
        return terms;
    }

    private static void Check(RandomTerm term, GroupingFactor factor, ModelDesign design)
    {
        var (effects, observations) = (factor.Levels * term.Effects.Count, design.CompleteRows.Count);
        if (effects >= observations)
            throw new FormulaException(
                $"{term.Text} has {effects} random effects, {term.Effects.Count} in each of {factor.Levels} groups, for {observations} "
                    + "observations: their variances cannot be separated from that of the residuals. Omit a slope, or group by a column "
                    + "with more observations per group.",
                design.Formula.Text,
                term.Source.Span
            );
    }

    private RandomStructure Checked()
    {
        if (Parameters.Count > MostParameters)
            throw new BadInputException(
                $"The random terms have {Parameters.Count} variances and covariances; at most {MostParameters} are fitted. Write "
                    + "(x || group) for effects without correlations, or omit some."
            );
        if (DenseColumns > MostDenseColumns)
            throw new BadInputException(
                $"The random effects other than those of {Factors[Absorbed].Name} are {DenseColumns}; at most {MostDenseColumns} are "
                    + "fitted. Omit the term with the most groups."
            );
        return this;
    }
}
