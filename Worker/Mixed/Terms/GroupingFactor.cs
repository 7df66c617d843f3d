using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Mixed.Terms;

/// <summary>The groups of a random term.</summary>
/// <param name="Name">The name of the factor, as lme4 names it.</param>
/// <param name="Levels">The number of levels among the subjects that can be used.</param>
/// <param name="Codes">The level of each subject of the cohort; -1 where it is missing or the subject cannot be used.</param>
internal sealed record GroupingFactor(string Name, int Levels, int[] Codes)
{
    /// <summary>The levels in words; those of crossed variables are joined by colons.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>A warning about subjects whose text in the cohort is empty; null: there are none.</summary>
    public string? OfEmptyTexts { get; private init; }

    /// <summary>Evaluates the factor, several variables crossed, and refuses one that cannot have a variance.</summary>
    /// <exception cref="BadInputException">Fewer than two groups, or one observation in each.</exception>
    public static GroupingFactor Create(ModelDesign design, RandomIntercept random, CohortTable cohort)
    {
        var keys = new string?[cohort.Rows];
        int[] rows = [.. Enumerable.Range(0, cohort.Rows)];
        foreach (var variable in random.Groups)
        {
            if (variable.Names().FirstOrDefault(name => design.ScalarPredictors.Contains(name.Name)) is { } scalar)
                throw new FormulaException(
                    $"{scalar.Name} is a scalar; the groups of a random effect are a column of the cohort.",
                    design.Formula.Text,
                    scalar.Span
                );
            var texts = Factors.Texts(Factors.From(design.Evaluate(variable, rows, [])));
            for (var row = 0; row < keys.Length; row++)
                keys[row] =
                    texts[row] is { } text && (keys[row] is not null || variable == random.Groups[0]) ? $"{keys[row]}\u001f{text}" : null;
        }
        var codes = new int[cohort.Rows];
        Array.Fill(codes, -1);
        var codeOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in design.CompleteRows)
        {
            if (!codeOf.TryGetValue(keys[row]!, out var code))
                codeOf.Add(keys[row]!, code = codeOf.Count);
            codes[row] = code;
        }
        Check(design, random.Name, codeOf.Count);
        var empty = design.CompleteRows.Count(row => keys[row]!.Split('\u001f').Skip(1).Contains(""));
        return new(random.Name, codeOf.Count, codes)
        {
            Labels = [.. codeOf.OrderBy(one => one.Value).Select(one => one.Key[1..].Replace('\u001f', ':'))],
            OfEmptyTexts = EmptyTexts.Warning($"(1 | {random.Name})", random.Name, empty, "--na-strings ''"),
        };
    }

    private static void Check(ModelDesign design, string name, int levels)
    {
        var used = design.CompleteRows.Count;
        if (levels < 2)
            throw new BadInputException(
                $"(1 | {name}): the {CountText.Format(used, "subject")} used are in one group, so that there is no variance between "
                    + "groups. Omit the term and fit --model lm."
            );
        if (levels == used)
            throw new BadInputException(
                $"(1 | {name}): each of the {levels} groups has one observation, so that the variance between groups cannot be separated "
                    + "from that of the residuals. Group by a column with repeated values, such as the participant's."
            );
    }
}
