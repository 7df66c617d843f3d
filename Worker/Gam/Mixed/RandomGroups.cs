using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Mixed.Terms;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>The groups of a gamm's random terms, and whether rows determine their variances.</summary>
internal sealed class RandomGroups
{
    /// <summary>The part of a group's effect, relative to it, that fixed effects do not explain; below this it is rounding.</summary>
    private const double Explained = 1e-10;

    private readonly ModelDesign _design;
    private readonly List<double[]?[]> _effects = []; // per term, the covariate of each effect; null: an intercept

    private RandomGroups(ModelDesign design, IReadOnlyList<RandomTerm> terms, IReadOnlyList<GroupingFactor> factors, int subjects)
    {
        (_design, Terms, Factors) = (design, terms, factors);
        int[] all = [.. Enumerable.Range(0, subjects)];
        foreach (var term in terms)
            _effects.Add([
                .. term.HasIntercept ? new double[]?[] { null } : [],
                .. term.Slopes.Select(slope => ((NumericValue)design.Evaluate(slope, all, [])).Data),
            ]);
    }

    /// <summary>
    /// The random terms, those with more groups last: the gam engine eliminates the last random effect group by group, if it has many.
    /// </summary>
    public IReadOnlyList<RandomTerm> Terms { get; }

    /// <summary>The grouping factor of each term.</summary>
    public IReadOnlyList<GroupingFactor> Factors { get; }

    /// <summary>The number of random effects per group, of all terms: of smooths of the gam engine.</summary>
    public int Effects => Terms.Sum(term => term.Effects.Count);

    /// <summary>Whether a term has several effects, which may be correlated.</summary>
    public bool AreCorrelated => Terms.Any(term => term.Effects.Count > 1);

    /// <summary>Per factor its terms, and per term the places of its effects among the random effects of the model.</summary>
    public IReadOnlyList<IReadOnlyList<int[]>> ByFactor
    {
        get
        {
            var next = 0;
            var places = Terms.Select(term => Enumerable.Range(0, term.Effects.Count).Select(_ => next++).ToArray()).ToList();
            return
            [
                .. Factors
                    .Select((factor, t) => (factor.Name, Places: places[t]))
                    .GroupBy(term => term.Name)
                    .Select(terms => terms.Select(term => term.Places).ToList()),
            ];
        }
    }

    /// <summary>The factors, each once, those with more groups first, as lme4 orders them.</summary>
    public IEnumerable<GroupingFactor> Distinct => Factors.Reverse().DistinctBy(factor => factor.Name);

    /// <summary>Binds the random terms of a model, and refuses those without a variance.</summary>
    /// <exception cref="BadInputException">There are fewer than two groups or one observation in each, a covariate has no slope, fixed
    /// effects explain the groups, or two terms have the same groups.</exception>
    public static RandomGroups Create(MixedGamTerms model, ModelDesign design, CohortTable cohort)
    {
        foreach (var term in model.Terms)
            RandomCovariates.Create(term, design, cohort.Rows);
        var bound = model
            .Terms.Select(term => (Term: term, Factor: GroupingFactor.Create(design, new(model.Fixed, term.Groups), cohort)))
            .OrderBy(one => one.Factor.Levels)
            .ThenBy(one => one.Term.HasIntercept)
            .ToList();
        var groups = new RandomGroups(design, [.. bound.Select(one => one.Term)], [.. bound.Select(one => one.Factor)], cohort.Rows);
        groups.RefuseEqual();
        foreach (var call in model.Fixed.Smooths)
            RepeatedEffect.Refuse(call, groups, design, cohort.Rows);
        if (!design.VariesWithScalars)
            groups.RefuseExplained(cohort.Rows);
        return groups;
    }

    /// <summary>Why variances cannot be estimated from some rows of positive weight; <see cref="ElementStatus.Fitted"/>: none.</summary>
    public ElementStatus ProblemOf(int[] rows)
    {
        foreach (var factor in Factors)
            if (Levels(factor, rows) is var levels && (levels < 2 || levels == rows.Length))
                return ElementStatus.NoGroupVariance;
        return !_design.VariesWithScalars && FirstExplained(rows) >= 0 ? ElementStatus.NoGroupVariance : ElementStatus.Fitted;
    }

    /// <summary>The number of a factor's levels with observations.</summary>
    public static int Levels(GroupingFactor factor, ReadOnlySpan<int> rows)
    {
        var isSeen = new bool[factor.Levels];
        var levels = 0;
        foreach (var row in rows)
        {
            levels += isSeen[factor.Codes[row]] ? 0 : 1;
            isSeen[factor.Codes[row]] = true;
        }
        return levels;
    }

    private void RefuseEqual()
    {
        for (var i = 0; i < Factors.Count; i++)
        for (var j = 0; j < i; j++)
            if (Factors[i].Name != Factors[j].Name && AreEqual(Factors[i], Factors[j]))
                throw new BadInputException(
                    $"The groups of {Factors[i].Name} are those of {Factors[j].Name}, so that their variances cannot be separated. Omit "
                        + "one of the terms."
                );
    }

    /// <summary>Whether the groups of two factors contain the same subjects.</summary>
    private bool AreEqual(GroupingFactor a, GroupingFactor b) =>
        a.Levels == b.Levels && _design.CompleteRows.Select(row => (a.Codes[row], b.Codes[row])).Distinct().Count() == a.Levels;

    private void RefuseExplained(int subjects)
    {
        var whole = _design.Build([.. Enumerable.Range(0, subjects)], []);
        int[] rows =
            whole.Problem != DesignProblem.None
                ? []
                : [.. Enumerable.Range(0, whole.Rows.Length).Where(i => whole.Weights?[i] is not 0).Select(i => whole.Rows[i])];
        if (rows.Length == 0 || FirstExplained(rows) is not (>= 0 and var place))
            return;
        throw new FormulaException(
            $"{Terms[place].Text}: the fixed effects of the formula explain every difference between the groups of {Terms[place].Group}, "
                + $"so that no variance is left for the term. Omit the fixed effect of {Terms[place].Group}, or the term.",
            _design.Formula.Text,
            Terms[place].Source.Span
        );
    }

    /// <summary>The first term whose effects in all groups are combinations of the parametric columns; -1: none.</summary>
    private int FirstExplained(int[] rows)
    {
        var built = _design.Build(rows, []);
        if (built.Problem != DesignProblem.None || built.Columns == 0)
            return -1;
        var x = new DenseMatrix(built.Rows.Length, built.Columns);
        for (var i = 0; i < x.Rows; i++)
        for (var j = 0; j < x.Columns; j++)
            x[i, j] = built.Values[(j * x.Rows) + i];
        var q = new ThinQr(x).Q;
        for (var t = 0; t < Terms.Count; t++)
            foreach (var covariate in _effects[t])
                if (IsExplained(Factors[t], covariate, q, built.Rows))
                    return t;
        return -1;
    }

    /// <summary>A group's column z is a combination of orthonormal columns Q if the squares of Q'z sum to those of z.</summary>
    private static bool IsExplained(GroupingFactor factor, double[]? covariate, DenseMatrix q, int[] rows)
    {
        var (codes, levels) = (factor.Codes, factor.Levels);
        var (sums, squares) = (new DenseMatrix(levels, q.Columns), new double[levels]);
        for (var i = 0; i < rows.Length; i++)
        {
            var value = covariate?[rows[i]] ?? 1;
            squares[codes[rows[i]]] += value * value;
            FixedOrder.Add(value, q.Row(i), sums.Row(codes[rows[i]]));
        }
        for (var level = 0; level < levels; level++)
            if (squares[level] - FixedOrder.Dot(sums.Row(level), sums.Row(level)) > Explained * squares[level])
                return false;
        return true;
    }
}
