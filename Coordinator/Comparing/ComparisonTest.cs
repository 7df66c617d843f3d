namespace HpcFit.Coordinator.Comparing;

/// <summary>The test of a nested model.</summary>
internal enum ComparisonTest
{
    /// <summary>None: only AIC and BIC are compared.</summary>
    None,

    /// <summary>The F test of R's <c>anova(m1, m2)</c>, or of mgcv's <c>anova(m1, m2, test = "F")</c>.</summary>
    F,

    /// <summary>The likelihood ratio: twice the difference of the log-likelihoods, χ² by the difference of their parameters.</summary>
    LRT,
}
