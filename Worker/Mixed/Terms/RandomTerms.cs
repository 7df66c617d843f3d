using HpcFit.Shared.Cohort;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Mixed.Terms;

/// <summary>The random terms of a formula in lme4's notation, and the formula of its fixed effects.</summary>
/// <param name="Fixed">The formula without the random terms; grouping variables and covariates remain in its model frame, so that subjects
/// for which one is missing are not used.</param>
/// <param name="Terms">The terms, in the formula's order.</param>
internal sealed record RandomTerms(Formula Fixed, IReadOnlyList<RandomTerm> Terms)
{
    private const int MostEffects = 4;

    /// <summary>Whether a formula has more than one random intercept, so that its variances have no profile in one dimension.</summary>
    public static bool AreIn(Formula formula, CohortTable cohort) =>
        RandomEffect.FindAll(formula, cohort) is var all
        && (all.Count > 1 || all.Any(effect => effect.Slopes.Count > 0 || !effect.HasIntercept || effect.Groups.Count > 1));

    /// <summary>Reads the random terms of a formula.</summary>
    /// <exception cref="FormulaException">A term is not understood, or an effect is in two terms.</exception>
    public static RandomTerms Read(Formula formula, CohortTable cohort)
    {
        var (rest, terms) = (formula, new List<RandomTerm>());
        foreach (var effect in RandomEffect.FindAll(formula, cohort))
        {
            var found = Split(effect.Term, formula).ToList();
            rest = rest.Replace(effect.Term, [.. found.SelectMany(term => term.Groups.Concat(term.Slopes))]);
            terms.AddRange(found);
        }
        RefuseRepeated(terms, formula);
        return new(rest, terms);
    }

    private static IEnumerable<RandomTerm> Split(CallExpression term, Formula formula)
    {
        var (hasIntercept, slopes) = (true, new List<Expression>());
        Read(term[0], formula, ref hasIntercept, slopes);
        if (!hasIntercept && slopes.Count == 0)
            throw new FormulaException($"({term}) has no random effect. Write (1 | group), or (x | group).", formula.Text, term.Span);
        if (slopes.Count + (hasIntercept ? 1 : 0) > MostEffects)
            throw new FormulaException($"({term}) has more than {MostEffects} effects per group. Omit some.", formula.Text, term.Span);
        foreach (var groups in Groupings(term[1], formula))
        {
            if (!term.IsOperatorNamed("||", 2))
            {
                yield return new(term, groups, hasIntercept, slopes);
                continue;
            }
            if (hasIntercept)
                yield return new(term, groups, true, []);
            foreach (var slope in slopes)
                yield return new(term, groups, false, [slope]);
        }
    }

    private static void Read(Expression expression, Formula formula, ref bool hasIntercept, List<Expression> slopes)
    {
        switch (expression)
        {
            case CallExpression call when call.IsOperatorNamed("(", 1):
                Read(call[0], formula, ref hasIntercept, slopes);
                break;
            case CallExpression call when call.IsOperatorNamed("+", 2):
                Read(call[0], formula, ref hasIntercept, slopes);
                Read(call[1], formula, ref hasIntercept, slopes);
                break;
            case CallExpression call when call.IsOperatorNamed("-", 2) && call[1].ToString() == "1":
                Read(call[0], formula, ref hasIntercept, slopes);
                hasIntercept = false;
                break;
            case var one when one.ToString() is "0" or "-1":
                hasIntercept = false;
                break;
            case var one when one.ToString() is "1":
                break;
            case NameExpression or CallExpression { IsOperator: false }:
                if (!slopes.Exists(slope => slope.ToString() == expression.ToString()))
                    slopes.Add(expression);
                break;
            default:
                throw new FormulaException(
                    $"{expression} is not understood as a random effect. Write covariates with + between: (1 + x + I(x^2) | group).",
                    formula.Text,
                    expression.Span
                );
        }
    }

    /// <summary>The grouping factors: <c>a/b</c> is <c>a</c> and <c>b:a</c>.</summary>
    private static List<IReadOnlyList<Expression>> Groupings(Expression expression, Formula formula)
    {
        switch (expression)
        {
            case CallExpression call when call.IsOperatorNamed("(", 1):
                return Groupings(call[0], formula);
            case CallExpression call when call.IsOperatorNamed(":", 2):
                return
                [
                    [.. Groupings(call[0], formula)[^1], .. Groupings(call[1], formula)[^1]],
                ];
            case CallExpression call when call.IsOperatorNamed("/", 2):
                var outer = Groupings(call[0], formula);
                return [.. outer, [.. Groupings(call[1], formula)[^1], .. outer[^1]]];
            case CallExpression { IsOperator: true }:
                throw new FormulaException(
                    $"{expression} is not understood as a grouping factor. Write a column, a:b, or a/b.",
                    formula.Text,
                    expression.Span
                );
            default:
                return
                [
                    [expression],
                ];
        }
    }

    private static void RefuseRepeated(List<RandomTerm> terms, Formula formula)
    {
        for (var i = 0; i < terms.Count; i++)
        for (var j = 0; j < i; j++)
            if (SameGroups(terms[i], terms[j]) && terms[i].Effects.Intersect(terms[j].Effects).FirstOrDefault() is { } both)
                throw new FormulaException(
                    $"{both} varies between the groups of {terms[i].Group} in two terms, ({terms[j].Source}) and ({terms[i].Source}), "
                        + "whose variances cannot be separated. Write (0 + x | group) for a slope without the intercept.",
                    formula.Text,
                    terms[i].Source.Span
                );
    }

    private static bool SameGroups(RandomTerm a, RandomTerm b) =>
        a.Groups.Select(group => group.ToString()).ToHashSet().SetEquals(b.Groups.Select(group => group.ToString()));
}
