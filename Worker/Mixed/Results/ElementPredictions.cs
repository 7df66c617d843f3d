namespace HpcFit.Worker.Mixed.Results;

/// <summary>What a mixed model predicts at one element.</summary>
/// <param name="Effects">The random effects, by term, then by level.</param>
/// <param name="Rows">The rows in the fit, in the order of the cohort.</param>
internal sealed record ElementPredictions(IReadOnlyList<PredictedEffect> Effects, IReadOnlyList<PredictedRow> Rows);

/// <summary>The random effect of a group: its mean given the responses, the best linear unbiased predictor.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Level">The group.</param>
/// <param name="Term">The name of the effect, such as <c>(Intercept)</c>.</param>
/// <param name="Estimate">The prediction.</param>
/// <param name="StandardError">Its standard deviation given the responses, the fixed effects and the variances, as lme4's
/// <c>ranef(condVar=TRUE)</c>.</param>
internal sealed record PredictedEffect(string Group, string Level, string Term, double Estimate, double StandardError);

/// <summary>A row in the fit.</summary>
/// <param name="Subject">Its row in the cohort, from 0.</param>
/// <param name="Response">The response, as transformed by the formula.</param>
/// <param name="Fixed">The prediction of the fixed effects and the offset, as lme4's <c>predict(re.form=NA)</c>.</param>
/// <param name="Fitted">… and of random effects, as lme4's <c>fitted()</c>.</param>
internal sealed record PredictedRow(int Subject, double Response, double Fixed, double Fitted);
