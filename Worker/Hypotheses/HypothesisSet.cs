using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Hypotheses;

/// <summary>The hypotheses of a run: contrasts, then F tests, each in the order in which it was given, then the terms' F tests.</summary>
internal static class HypothesisSet
{
    private const string FTestOption = "--f-test";

    /// <summary>Reads a spec's hypotheses for a model matrix.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="design">Its model matrix.</param>
    /// <exception cref="BadInputException">A name is not a coefficient, term or contrast of the model, or is used twice.</exception>
    public static IReadOnlyList<Hypothesis> Create(ModelSpec spec, ModelDesign design)
    {
        var requested = spec.Hypotheses ?? new();
        var contrasts = requested.Contrasts.Select(contrast => Contrast(contrast, design)).ToList();
        RefuseTakenNames(contrasts, design);
        var terms = new TermTests(design, requested.AnovaType);
        var tests = requested.FTests.Select(text => FTest(text, terms, contrasts, design)).ToList();
        if (tests.GroupBy(test => test.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"{FTestOption} gives the test '{twice.Key}' twice. Give it once, or write another name before one."
            );
        // Without hypotheses, full outputs have ModelArray's columns and no others.
        if (spec is { FullOutputs: true, Hypotheses: { Cluster: null } })
            tests.AddRange(
                terms
                    .OfSeveralColumns.Where(label => !tests.Exists(test => test.Name == label))
                    .Select(label => terms.Test(label, [terms.Find(label)]))
                    .ToList()
            );
        return [.. contrasts, .. tests];
    }

    /// <summary>Warnings about requests without effect.</summary>
    public static IEnumerable<string> Ineffective(ModelSpec spec, IReadOnlyList<Hypothesis> hypotheses)
    {
        // For mixed models, type III is the default.
        if (spec is { Mixed: null, Hypotheses.AnovaType: HypothesisSpec.TypeThree } && hypotheses.All(one => one.Kind != HypothesisKind.F))
            yield return "--anova-type has no effect: no term is tested. Add --f-test or --full-outputs.";
    }

    /// <summary>A warning about a coverage of confidence limits without effect sizes, where limits are computed with these.</summary>
    /// <param name="spec">The model.</param>
    public static IEnumerable<string> WithoutLimits(ModelSpec spec)
    {
        if (spec.Hypotheses is { EffectSizes: false } requested && requested.ConfLevel != new HypothesisSpec().ConfLevel)
            yield return "--conf-level has no effect: confidence intervals are computed with --effect-sizes.";
    }

    private static Hypothesis Contrast(ContrastSpec contrast, ModelDesign design)
    {
        var weights = Weights(contrast, design.ColumnNames);
        return Hypothesis.Contrast(contrast.Name, weights, LevelDifference.Is(weights, design));
    }

    private static double[] Weights(ContrastSpec contrast, IReadOnlyList<string> coefficients)
    {
        if (contrast.Expression is { } expression)
            return ContrastExpression.Weights(contrast.Name, expression, coefficients);
        var given = contrast.Weights ?? [];
        if (contrast.Coefficients is null && given.Count != coefficients.Count)
            throw new BadInputException(
                $"{contrast.Title} has {CountText.Format(given.Count, "weight")} ({string.Join(' ', given.Select(Text))}), and the model "
                    + $"{CountText.Format(coefficients.Count, "coefficient")}: {string.Join(", ", coefficients)}. Give one weight for each."
            );
        var weights = new double[coefficients.Count];
        for (var i = 0; i < given.Count; i++)
            weights[contrast.Coefficients is { } names ? Column(contrast, names[i], given[i], coefficients) : i] = given[i];
        return Array.Exists(weights, weight => weight != 0)
            ? weights
            : throw new BadInputException(
                $"{contrast.Title} has no weight but 0, so it tests nothing. Give one coefficient another weight."
            );
    }

    private static string Text(double weight) => weight.ToString("R", CultureInfo.InvariantCulture);

    private static int Column(ContrastSpec contrast, string name, double weight, IReadOnlyList<string> coefficients)
    {
        for (var column = 0; column < coefficients.Count; column++)
            if (coefficients[column] == name || coefficients[column] == $"({name})")
                return column;
        throw new BadInputException(
            $"{contrast.Title} has the weight {Text(weight)} for '{name}', which is not a coefficient of the model. "
                + NearestNames.Hint(name, coefficients)
        );
    }

    private static void RefuseTakenNames(List<Hypothesis> contrasts, ModelDesign design)
    {
        foreach (var (contrast, place) in contrasts.Select((contrast, place) => (contrast, place)))
        {
            var taken =
                contrasts.FindIndex(other => other.Name == contrast.Name) < place ? "of another contrast"
                : design.ColumnNames.Any(name => name == contrast.Name || name == $"({contrast.Name})") ? "of a coefficient"
                : design.TermLabels.Contains(contrast.Name) ? "of a term"
                : contrast.Name == "model" ? "of the model's own statistics"
                : null;
            if (taken is not null)
                throw new BadInputException(
                    $"The contrast '{contrast.Name}' has the name {taken}, and their columns could not be told apart. Choose another name."
                );
        }
    }

    private static Hypothesis FTest(string text, TermTests terms, List<Hypothesis> contrasts, ModelDesign design)
    {
        var (name, list) = NamedText.Split(text);
        var labels = Labels(list).ConvertAll(label => Unquoted(label, terms, contrasts));
        if (labels.TrueForAll(label => label.Length == 0))
            throw new BadInputException($"{FTestOption} '{text}' names no term. Known terms: {string.Join(", ", design.TermLabels)}.");
        if (labels.Contains(""))
            throw new BadInputException(
                $"{FTestOption} '{text}' has a comma with nothing before or after it. Terms or contrasts with one comma between two of "
                    + $"them are expected, here '{string.Join(", ", labels.Where(label => label.Length > 0))}'."
            );
        name ??= string.Join('+', labels);
        var places = labels.ConvertAll(terms.Find);
        var ofContrasts = labels.ConvertAll(label => contrasts.FindIndex(contrast => contrast.Name == label));
        if (places.TrueForAll(place => place >= 0))
            return terms.Test(name, [.. places.Distinct()]);
        if (ofContrasts.TrueForAll(place => place >= 0))
            return new(name, HypothesisKind.F, RowReduction.Independent(ofContrasts.Select(place => contrasts[place].Rows[0])), []);
        var unknown = labels.Find(label => terms.Find(label) < 0 && !contrasts.Exists(contrast => contrast.Name == label));
        throw new BadInputException(
            unknown is null
                ? $"{FTestOption} '{text}' names terms and contrasts. Test either terms or contrasts together."
                : $"{FTestOption} '{text}': '{unknown}' is not a term or contrast of the model. {QuotesFor(unknown, contrasts)}"
                    + NearestNames.Hint(unknown, design.TermLabels.Concat(contrasts.Select(contrast => contrast.Name)))
        );
    }

    /// <summary>The name of a contrast in backticks, as R has names with a comma or space; other items unchanged.</summary>
    private static string Unquoted(string label, TermTests terms, List<Hypothesis> contrasts) =>
        label is ['`', .. var name, '`'] && terms.Find(label) < 0 && contrasts.Exists(contrast => contrast.Name == name) ? name : label;

    /// <summary>What to write if a name that is unknown is the part of a contrast's name before or after a comma.</summary>
    private static string QuotesFor(string unknown, List<Hypothesis> contrasts) =>
        contrasts.Find(one => one.Name.Contains(',', StringComparison.Ordinal) && Labels(one.Name).Contains(unknown)) is { } contrast
            ? $"The contrast '{contrast.Name}' has a comma in its name: write it in backticks, `{contrast.Name}`, inside single quotes of "
                + "the shell. "
            : "";

    /// <summary>
    /// The items of a list, each once, empty ones included; commas inside parentheses, as in <c>poly(Age, 2)</c>, and inside backticks
    /// separate nothing.
    /// </summary>
    private static List<string> Labels(string list)
    {
        var (labels, depth, isQuoted, start) = (new List<string>(), 0, false, 0);
        for (var at = 0; at <= list.Length; at++)
        {
            if (at < list.Length && list[at] is '`')
                isQuoted = !isQuoted;
            if (at < list.Length && list[at] is '(' && !isQuoted)
                depth++;
            if (at < list.Length && list[at] is ')' && !isQuoted)
                depth--;
            if (at < list.Length && (list[at] != ',' || depth > 0 || isQuoted))
                continue;
            labels.Add(list[start..at].Trim());
            start = at + 1;
        }
        return [.. labels.Distinct()];
    }
}
