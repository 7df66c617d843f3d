using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Gam.Terms;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>
/// A random effect that a formula has twice, in mgcv's notation and in lme4's: <c>s(id, bs="re") + (1 | id)</c>. Only the sum of their
/// variances is determined, so that the reported deviation would be an arbitrary part of it.
/// </summary>
internal static class RepeatedEffect
{
    /// <summary>Refuses a smooth that is an effect of a random term, whatever the names of the groups.</summary>
    /// <param name="call">A smooth of the formula.</param>
    /// <param name="random">The random terms.</param>
    /// <param name="design">The model that has all of them in its frame.</param>
    /// <param name="subjects">The number of subjects of the cohort.</param>
    /// <exception cref="FormulaException">The smooth is such an effect.</exception>
    public static void Refuse(SmoothCall call, RandomGroups random, ModelDesign design, int subjects)
    {
        var text = design.Formula.Text;
        if (call.Options.ContainsKey("by") || !SmoothTerm.Read(call, text).IsRandomEffect || UsesScalars(call, design))
            return;
        int[] all = [.. Enumerable.Range(0, subjects)];
        var values = call.Covariates.ToDictionary(covariate => covariate.ToString(), covariate => design.Evaluate(covariate, all, []));
        var slopes = values.Where(one => one.Value is NumericValue).Select(one => one.Key).ToList();
        var groups = values.Values.Where(value => value is not NumericValue).Select(Factors.Texts).ToList();
        for (var t = 0; t < random.Terms.Count; t++)
            if (
                (slopes.Count == 0 ? random.Terms[t].HasIntercept : random.Terms[t].Effects.Contains(string.Join(":", slopes)))
                && AreEqual(groups, random.Factors[t].Codes, random.Factors[t].Levels, design.CompleteRows)
            )
                throw new FormulaException(
                    $"{call} is an effect of {random.Terms[t].Text}, too, and the variances of an effect that a model has twice cannot be "
                        + "separated. Omit the smooth.",
                    text,
                    call.Call.Span
                );
    }

    private static bool UsesScalars(SmoothCall call, ModelDesign design) =>
        call.Covariates.SelectMany(covariate => covariate.Names()).Any(name => design.ScalarPredictors.Contains(name.Name));

    /// <summary>Whether crossed texts divide the rows as the codes of a factor do.</summary>
    private static bool AreEqual(IReadOnlyList<string?[]> groups, int[] codes, int levels, IReadOnlyList<int> rows)
    {
        var keys = rows.Select(row => (Key: string.Join('\u001f', groups.Select(texts => texts[row])), Code: codes[row])).ToList();
        return keys.DistinctBy(one => one.Key).Count() == levels && keys.Distinct().Count() == levels;
    }
}
