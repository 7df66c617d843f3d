using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Shuffling;

/// <summary>The shuffles of a model's permutation tests: drawn, enumerated, or from a file.</summary>
internal static class ShuffleLists
{
    /// <summary>The shuffles of the rows in a fit.</summary>
    /// <param name="spec">What is requested.</param>
    /// <param name="cohort">The cohort.</param>
    /// <param name="rows">The cohort's rows in the fit, ascending.</param>
    /// <param name="errors"><see cref="PermutationSpec.Exchangeable"/>, <see cref="PermutationSpec.Symmetric"/> or
    /// <see cref="PermutationSpec.Both"/>.</param>
    /// <exception cref="BadInputException">The exchangeability or a file cannot be used, or nothing can be shuffled; the message names
    /// what is wrong.</exception>
    public static IShuffleList Create(PermutationSpec spec, CohortTable cohort, ReadOnlySpan<int> rows, string errors)
    {
        var fit = rows.ToArray();
        return spec.File is { } file
            ? FromFile(file, spec, new(cohort, fit), errors)
            : Create(ExchangeabilityOf(spec, cohort, fit), spec, errors);
    }

    /// <summary>The cohort's columns that determine the shuffles.</summary>
    public static IEnumerable<string> Columns(PermutationSpec spec) => ((string?[])[spec.Within, spec.Whole]).OfType<string>().Distinct();

    /// <summary>The files that determine the shuffles.</summary>
    public static IEnumerable<string> Files(PermutationSpec spec) => ((string?[])[spec.Blocks, spec.File]).OfType<string>();

    /// <summary>Whether the shuffles depend on the order of rows in the cohort's file, which is not always that of the cohort.</summary>
    public static bool UsesFileOrder(PermutationSpec spec) => spec.Whole is not null || Files(spec).Any();

    private static Exchangeability ExchangeabilityOf(PermutationSpec spec, CohortTable cohort, int[] rows)
    {
        var columns = new ColumnExchange(cohort, rows);
        return spec switch
        {
            { Blocks: { } blocks } => spec is { Within: null, Whole: null }
                ? BlockTable.Read(blocks, new(cohort, rows))
                : throw Several(spec),
            { Within: { } within, Whole: { } whole } => columns.Both(within, whole),
            { Whole: { } whole } => columns.Whole(whole),
            { Within: { } within } => columns.Within(within),
            { IgnoresRepeats: true } => columns.Free(),
            _ => RepeatedSubjects.Find(cohort, rows) is { } repeated ? throw repeated.Refusal(cohort) : columns.Free(),
        };
    }

    /// <summary>The shuffles of a file, which must be of the kind that the model's errors allow.</summary>
    private static ListedShuffles FromFile(string file, PermutationSpec spec, TableRows rows, string errors)
    {
        if (spec is not { Within: null, Whole: null, Blocks: null })
            throw Several(spec);
        var list = ShuffleFile.Read(file, rows, spec.Count);
        if (!list.Permutes && !list.Flips)
            throw new BadInputException($"'{file}' contains no shuffle but the unshuffled data, so no p-value can be computed.");
        if (errors != PermutationSpec.Exchangeable && !list.Flips)
            throw new BadInputException(
                $"'{file}' contains permutations and no sign flips, which a test "
                    + (spec.Errors is null ? "of the intercept" : $"with --errors {spec.Errors}")
                    + " needs. List shuffles with negative numbers, one per line and rows counted from 1 (as PALM's)"
                    + (spec.Errors is null ? ", or test other hypotheses." : ", or use --errors ee.")
            );
        return spec.Errors == PermutationSpec.Exchangeable && list.Flips
            ? throw new BadInputException($"'{file}' contains sign flips, which --errors ee excludes. Use --errors both, or ise.")
            : list;
    }

    private static BadInputException Several(PermutationSpec spec) =>
        new(
            spec.File is { } file
                ? $"The shuffles are those of '{file}', so exchangeability blocks have no effect on them. Give one of the two."
                : $"Blocks are described by '{spec.Blocks}' and by a column ('{spec.Whole ?? spec.Within}'). Give one of the two: a "
                    + "table of blocks describes both kinds of exchange."
        );

    private static IShuffleList Create(Exchangeability exchangeability, PermutationSpec spec, string errors)
    {
        var plan = ExchangePlan.From(
            exchangeability.Tree,
            permutes: errors != PermutationSpec.Symmetric,
            flips: errors != PermutationSpec.Exchangeable
        );
        if (!plan.Permutes && !plan.Flips)
            throw NothingPossible(exchangeability, errors);
        // All that are possible, if they are fewer than requested or can be enumerated.
        var count = spec.Count ?? throw new ArgumentException("The number of shuffles that are drawn is missing.", nameof(spec));
        var possible = plan.CountPossible(Math.Max(count, EnumeratedShuffles.Limit));
        var notes = plan.Permutes ? exchangeability.Notes : [];
        return possible <= EnumeratedShuffles.Limit
            ? new EnumeratedShuffles(plan, possible.Value, spec.Seed, count) { Notes = notes }
            : new DrawnShuffles(plan, spec.Seed, Math.Min(count, possible ?? count)) { Notes = notes };
    }

    private static BadInputException NothingPossible(Exchangeability exchangeability, string errors)
    {
        var what = errors == PermutationSpec.Symmetric ? "sign flips" : "permutations";
        return new(
            $"{exchangeability.Statement}: no {what} of the {CountText.Format(exchangeability.Tree.Size, "row")} in the fit are possible, "
                + "because no block has two parts that may replace each other. Name a column whose values have several rows (within) or "
                + "that has several values (whole)."
        );
    }
}
