using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Comparing;

/// <summary>What two models allow of which one at least is a mixed model.</summary>
/// <param name="a">One model.</param>
/// <param name="b">The other model.</param>
internal sealed class ComparedMixedModels(ComparedModel a, ComparedModel b)
{
    /// <summary>Refuses a comparison that mixed models do not allow.</summary>
    /// <param name="test">The test.</param>
    /// <returns>Warnings.</returns>
    /// <exception cref="BadInputException">The message gives the reason and what is possible.</exception>
    public IEnumerable<string> Check(ComparisonTest test)
    {
        if (a.IsAdditiveMixed || b.IsAdditiveMixed)
            CheckAdditive(test);
        if (!a.IsMixed && !b.IsMixed)
            return [];
        if (!a.IsMixed || !b.IsMixed)
            throw new BadInputException(
                $"'{(a.IsMixed ? a : b).Name}' is a mixed model and '{(a.IsMixed ? b : a).Name}' is not, so their likelihoods are not "
                    + "comparable. Fit both with --model lmm; --test-random tests a random intercept."
            );
        if (a.IsByReml != b.IsByReml)
            throw new BadInputException(
                $"'{(a.IsByReml ? a : b).Name}' was fitted by REML and '{(a.IsByReml ? b : a).Name}' by ML, so their likelihoods are not "
                    + "comparable. Fit both with --ml."
            );
        if (a.IsByReml && !a.Coefficients.ToHashSet().SetEquals(b.Coefficients))
            throw new BadInputException(
                $"'{a.Name}' and '{b.Name}' have different fixed effects and were fitted by REML, whose likelihood is that of the "
                    + "residuals of the fixed effects. Fit both with --ml."
            );
        return test == ComparisonTest.F
            ? throw new BadInputException(
                "Mixed models are compared by the likelihood ratio (--test LRT). Terms of one model are tested by F with --f-test."
            )
            : BoundaryOfVariances(test);
    }

    /// <summary>
    /// Criteria of gamm and gam have the same definition; there is no test, which would need degrees of freedom of the random effects.
    /// </summary>
    private void CheckAdditive(ComparisonTest test)
    {
        var (mixed, other) = a.IsAdditiveMixed ? (a, b) : (b, a);
        if (!other.IsGam)
            throw new BadInputException(
                $"'{mixed.Name}' is of the model gamm and '{other.Name}' of {other.Record.Value("model")}, whose likelihood has another "
                    + "definition: that of gamm is given the random effects. Fit both with --model gamm, or one with --model gam."
            );
        if ((a.IsByReml || b.IsByReml) && !Nesting.FixedEffects(a).SetEquals(Nesting.FixedEffects(b)))
            throw new BadInputException(
                $"'{a.Name}' and '{b.Name}' have different fixed effects, of which straight lines of smooths are a part, and are fitted by "
                    + "REML, whose likelihood is that of the residuals of the fixed effects. Fit both with "
                    + $"{(other.IsAdditiveMixed ? "--ml" : "--ml and --method ML")}."
            );
        if (test != ComparisonTest.None)
            throw new BadInputException(
                $"'{mixed.Name}' has random effects, whose degrees of freedom for a test are not stored. --criteria-only compares AIC and "
                    + "BIC; terms of one model are tested with --f-test."
            );
    }

    private IEnumerable<string> BoundaryOfVariances(ComparisonTest test)
    {
        if (test != ComparisonTest.None && !a.RandomEffects.ToHashSet().SetEquals(b.RandomEffects))
            yield return "One model has more random effects. A variance of 0 is at the end of its range, so p-values by the chi-square "
                + "distribution are too large (Self and Liang 1987); --test-random tests a random intercept with the right mixture.";
    }
}
