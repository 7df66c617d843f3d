using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Reporting;

/// <summary>How contrasts, terms and standard errors were computed, in sentences for a paper.</summary>
internal static class HypothesisMethods
{
    /// <summary>The sentences; none if nothing but the model's coefficients was tested.</summary>
    public static IEnumerable<string> Sentences(AnalysisRecord record)
    {
        if (record.Values("contrast") is { Count: > 0 } contrasts)
            yield return $"Linear combinations of coefficients were tested by t: {string.Join("; ", contrasts)}.";
        if (record.Values("f_test") is { Count: > 0 } tests)
            yield return $"Terms were tested by F tests of type {record.Value("anova_type")}: {string.Join("; ", tests)}.";
        if (record.Value("se") is { } estimator)
            yield return $"Standard errors are heteroscedasticity-consistent ({estimator}).";
        if (record.Value("cluster") is { } cluster)
            yield return $"Standard errors allow for correlation within clusters of subjects ({cluster}) by the CR2 estimator, with "
                + "Satterthwaite degrees of freedom.";
    }

    /// <summary>Their references.</summary>
    public static IEnumerable<string> References(AnalysisRecord record)
    {
        if (record.Value("se") is "HC4")
            yield return "Cribari-Neto F (2004). Asymptotic inference under heteroskedasticity of unknown form. Comput. Stat. Data Anal. "
                + "45, 215-233.";
        else if (record.Value("se") is not null)
            yield return "MacKinnon JG, White H (1985). Some heteroskedasticity-consistent covariance matrix estimators with improved "
                + "finite sample properties. J. Econometrics 29, 305-325.";
        if (record.Value("cluster") is not null)
            yield return "Pustejovsky JE, Tipton E (2018). Small-sample methods for cluster-robust variance estimation and hypothesis "
                + "testing in fixed effects models. J. Bus. Econ. Stat. 36, 672-683.";
    }
}
