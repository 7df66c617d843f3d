using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Comparing;

/// <summary>
/// What the families of two models allow: tests need the same family and link, and criteria need likelihoods of the same kind of response.
/// </summary>
/// <param name="a">One model.</param>
/// <param name="b">The other model.</param>
internal sealed class ComparedFamilies(ComparedModel a, ComparedModel b)
{
    private const string Gaussian = "gaussian";

    /// <summary>Families whose densities are those of the same responses, so that their likelihoods can be compared.</summary>
    private static readonly string[][] Kinds =
    [
        [Gaussian, "Gamma", "inverse.gaussian"],
        ["poisson", "nb"],
        ["binomial"],
    ];

    /// <summary>Families whose dispersion is 1.</summary>
    private static readonly string[] Known = ["binomial", "poisson", "nb"];

    /// <summary>
    /// The test if none is requested: F where the dispersion is estimated; for mixed models and otherwise the likelihood ratio.
    /// </summary>
    public ComparisonTest Default => a.IsMixed || (IsKnown(a) && !a.IsGam) ? ComparisonTest.LRT : ComparisonTest.F;

    /// <summary>Refuses a comparison that the families do not allow.</summary>
    /// <exception cref="BadInputException">The message gives the reason and what is possible.</exception>
    public void Check(ComparisonTest test)
    {
        if (test == ComparisonTest.None)
            CheckCriteria();
        else
            CheckTest(test);
    }

    private void CheckCriteria()
    {
        foreach (var model in (ComparedModel[])[a, b])
            if (Name(model).StartsWith("quasi", StringComparison.Ordinal))
                throw new BadInputException(
                    $"'{model.Name}' is of the family {Name(model)}, which has no likelihood and therefore no AIC and BIC. Nested models "
                        + "are compared by F: omit --criteria-only."
                );
        if (Name(a) != Name(b) && !Array.Exists(Kinds, kind => kind.Contains(Name(a)) && kind.Contains(Name(b))))
            throw new BadInputException(
                $"'{a.Name}' is of the family {Name(a)} and '{b.Name}' of {Name(b)}: likelihoods of different kinds of responses cannot be "
                    + "compared."
            );
    }

    private void CheckTest(ComparisonTest test)
    {
        if (Text(a) != Text(b))
            throw new BadInputException(
                $"'{a.Name}' is of the family {Text(a)} and '{b.Name}' of {Text(b)}, so neither is nested in the other. There is no test; "
                    + "--criteria-only compares AIC and BIC."
            );
        if ((a.IsGam || b.IsGam) && IsKnown(a))
            throw new BadInputException(
                $"The scale of the family {Name(a)} is known, so that there is no F test, and likelihood ratios are those of models "
                    + "without smooths. --criteria-only compares AIC and BIC."
            );
        if (a.Family is null || a.IsGam)
            return;
        if (test == ComparisonTest.F && IsKnown(a))
            throw new BadInputException(
                $"The dispersion of the family {Name(a)} is 1, so that models are compared by the likelihood ratio. Use --test LRT."
            );
        if (test == ComparisonTest.LRT && !IsKnown(a))
            throw new BadInputException(
                $"The dispersion of the family {Name(a)} is estimated, so that models are compared by F. Use --test F."
            );
    }

    private static bool IsKnown(ComparedModel model) => Known.Contains(Name(model));

    private static string Name(ComparedModel model) => model.Family ?? Gaussian;

    private static string Text(ComparedModel model) => model.Family is { } family ? $"{family}({model.Link})" : Gaussian;
}
