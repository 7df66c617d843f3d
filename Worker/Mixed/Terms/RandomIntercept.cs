using HpcFit.Shared.Cohort;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Mixed.Terms;

/// <summary>The random term of a mixed model, <c>(1 | id)</c>, and the formula of its fixed effects.</summary>
/// <param name="Fixed">The formula without the random term; the grouping variables remain in its model frame, so that subjects without a
/// group are not used.</param>
/// <param name="Groups">The grouping variables; several are crossed to one, as <c>site:id</c>.</param>
internal sealed record RandomIntercept(Formula Fixed, IReadOnlyList<Expression> Groups)
{
    /// <summary>The name of the grouping factor, as lme4 names it.</summary>
    public string Name => string.Join(":", Groups);

    /// <summary>Reads the random term of a formula without other random terms or slopes.</summary>
    /// <exception cref="FormulaException">There is no random term.</exception>
    public static RandomIntercept Read(Formula formula, CohortTable cohort)
    {
        var all = RandomEffect.FindAll(formula, cohort);
        if (all.Count == 0)
            throw new FormulaException(
                "--model lmm needs a random intercept, such as (1 | id). A model without one is fitted by --model lm.",
                formula.Text,
                new(0, formula.Text.Length)
            );
        var only = all[0];
        return new(formula.Replace(only.Term, only.Groups[0]), only.Groups[0]);
    }
}
