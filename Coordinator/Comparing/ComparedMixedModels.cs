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
                $"'{a.Name}' and '{b.Name}' have other fixed effects and were fitted by REML, whose likelihood is that of the residuals of "
                    + "the fixed effects. Fit both with --ml."
            );
        return test == ComparisonTest.F
            ? throw new BadInputException(
                "Mixed models are compared by the likelihood ratio (--test LRT). Terms of one model are tested by F with --f-test."
            )
            : BoundaryOfVariances(test);
    }

    private IEnumerable<string> BoundaryOfVariances(ComparisonTest test)
    {
        if (test != ComparisonTest.None && !a.RandomEffects.ToHashSet().SetEquals(b.RandomEffects))
            yield return "One model has more random effects. A variance of 0 is at the end of its range, so p-values by the chi-square "
                + "distribution are too large (Self and Liang 1987); --test-random tests a random intercept with the right mixture.";
    }
}
