using HpcFit.Shared.Cohort;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Mixed.Terms;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>The random terms of a gamm, in lme4's notation, as smooths of the gam engine.</summary>
/// <param name="Fixed">The formula without the random terms. Grouping variables and covariates remain in its model frame, so that subjects
/// for which one is missing are not used.</param>
/// <param name="Terms">The random terms, in the formula's order.</param>
internal sealed record MixedGamTerms(Formula Fixed, IReadOnlyList<RandomTerm> Terms)
{
    /// <summary>The formula with a smooth <c>bs = "re"</c> for each effect of the random terms, in the order given, after its own
    /// smooths.</summary>
    public Formula With(IEnumerable<RandomTerm> terms) => Fixed.WithSmooths(terms.SelectMany(SmoothsOf));

    /// <summary>Reads a formula.</summary>
    /// <param name="text">The formula as typed.</param>
    /// <param name="cohort">The cohort.</param>
    /// <param name="scalars">The scalars of the file, which cannot be groups.</param>
    /// <exception cref="FormulaException">There is no random term, or one that this model does not have.</exception>
    public static MixedGamTerms Read(string text, CohortTable cohort, IReadOnlyList<string> scalars)
    {
        var formula = Formula.Parse(text);
        if (formula.UsesDot)
            throw new FormulaException(
                "A dot also stands for the grouping factor, which a mixed model cannot have as a fixed effect. Write the predictors.",
                text,
                new(0, text.Length)
            );
        var random = RandomTerms.Read(formula, cohort);
        if (random.Terms.Count == 0)
            throw new FormulaException(
                "--model gamm needs a random term, such as (1 | id). A model without one is fitted by --model gam.",
                text,
                new(0, text.Length)
            );
        foreach (var name in random.Terms.SelectMany(term => term.Groups).SelectMany(group => group.Names()))
            if (scalars.Contains(name.Name))
                throw new FormulaException(
                    $"{name.Name} is a scalar; the groups of a random effect are a column of the cohort.",
                    text,
                    name.Span
                );
        return new(random.Fixed, random.Terms);
    }

    /// <summary>
    /// The smooths of a term, one for each effect: a column per group, of ones or of the covariate. Numbers are groups, too.
    /// </summary>
    private static IEnumerable<string> SmoothsOf(RandomTerm term)
    {
        var groups = term.Groups.Select(group => group.ToString());
        var factor =
            term.Groups.Count == 1 ? $"factor({term.Groups[0]})" : $"interaction({string.Join(", ", groups)}, drop = TRUE, sep = \"\\n\")";
        if (term.HasIntercept)
            yield return $"s({factor}, bs = \"re\")";
        foreach (var slope in term.Slopes)
            yield return $"s({factor}, {slope}, bs = \"re\")";
    }
}
