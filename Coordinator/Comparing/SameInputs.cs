using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Comparing;

/// <summary>Refuses to compare models that were not fitted to the same values.</summary>
/// <param name="a">One model.</param>
/// <param name="b">The other model.</param>
internal sealed class SameInputs(ComparedModel a, ComparedModel b)
{
    /// <summary>Facts that are equal if both fits used the same data, and how to name them.</summary>
    private static readonly (string Fact, string What)[] Facts =
    [
        ("scalar", "scalars"),
        ("weights", "weights"),
        ("subset", "subsets"),
        ("na_strings", "codes of missing values"),
        ("cohort_sha256", "cohort files"),
    ];

    /// <summary>Refuses models of other inputs, as far as their records show them.</summary>
    /// <param name="stated">Whether the user states that models without a record used the same inputs.</param>
    /// <returns>Warnings.</returns>
    /// <exception cref="BadInputException">The message gives the difference and what to do.</exception>
    public IEnumerable<string> Check(bool stated)
    {
        foreach (var model in (ComparedModel[])[a, b])
        {
            if (model.Record.Value("model") is { } engine and not ("lm" or "glm" or "gam" or "gamm" or "lmm"))
                throw new BadInputException(
                    $"'{model.Name}' is of the model '{engine}'; an analysis by lm, lmm, gam or gamm was expected."
                );
        }
        var without = new[] { a, b }.FirstOrDefault(model =>
            model.Record.Value("formula") is null || model.Record.Value("subjects_digest") is null
        );
        if (without is not null)
        {
            if (!stated)
                throw new BadInputException(
                    $"The analysis '{without.Name}' has no record of its formula and subjects: another program or an earlier version wrote "
                        + $"it. Fit it again, or state with --assume-nested that '{a.Name}' is nested in '{b.Name}' and both used the same "
                        + "subjects."
                );
            return [$"'{without.Name}' has no record of its fit: that both used the same subjects is your statement."];
        }
        RefuseDifferences();
        return Warnings();
    }

    private void RefuseDifferences()
    {
        if (a.Formula.Response != b.Formula.Response)
            throw Differ("responses", a.Formula.Response, b.Formula.Response);
        foreach (var (fact, what) in Facts)
        {
            var (one, other) = (Text(a, fact), Text(b, fact));
            if (one != other)
                throw Differ(what, one, other);
        }
        RefuseOtherDefinitions("derived_columns", "definitions of columns");
        RefuseOtherDefinitions("contrasts", "contrasts");
        if (a.Record.Value("subjects_digest") != b.Record.Value("subjects_digest"))
            throw new BadInputException(
                $"'{a.Name}' and '{b.Name}' used other subjects ({Subjects(a)} and {Subjects(b)}), so they cannot be compared. Fit both to "
                    + "the same subjects: --subset '!is.na(x)' omits those without a variable that only one of the models has."
            );
    }

    /// <summary>A name that both models define must have one definition.</summary>
    private void RefuseOtherDefinitions(string fact, string what)
    {
        var definitions = b.Record.Values(fact).Select(Split).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        foreach (var (name, value) in a.Record.Values(fact).Select(Split))
        {
            if (definitions.TryGetValue(name, out var other) && other != value)
                throw Differ(what, $"{name}={value}", $"{name}={other}");
        }
    }

    private IEnumerable<string> Warnings()
    {
        var (one, other) = (Text(a, "data_files"), Text(b, "data_files"));
        if (one != other)
            yield return $"'{a.Name}' was fitted from {one}, '{b.Name}' from {other}.";
        if (a.IsGam && b.IsGam && a.Record.Value("method") != b.Record.Value("method"))
            yield return $"'{a.Name}' was fitted by {a.Record.Value("method")}, '{b.Name}' by {b.Record.Value("method")}.";
    }

    private BadInputException Differ(string what, string one, string other) =>
        new($"'{a.Name}' and '{b.Name}' have other {what} ('{one}' and '{other}'), so they cannot be compared. Fit both to the same data.");

    private static string Text(ComparedModel model, string fact) =>
        model.Record.Values(fact) is { Count: > 0 } values ? string.Join(", ", values) : "none";

    private static string Subjects(ComparedModel model) =>
        $"{model.Record.Value("subjects_used")} of {model.Record.Value("subjects")}"
        + (model.Record.Values("subjects_omitted") is { Count: > 0 and <= 5 } omitted ? $", without {string.Join(", ", omitted)}" : "");

    private static (string Name, string Value) Split(string definition) =>
        definition.IndexOf('=', StringComparison.Ordinal) is var at and >= 0
            ? (definition[..at].Trim(), definition[(at + 1)..].Trim())
            : (definition, "");
}
