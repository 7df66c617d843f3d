using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>Permutation tests of contrasts and F tests, with the enhancement of their maps.</summary>
internal sealed class PermutationOptions
{
    /// <summary>Why models other than lm have none of these options.</summary>
    public const string OnlyLinear =
        "Permutation tests shuffle the residuals of a linear model; those of mixed and smooth models and of functions are not exchangeable "
        + "in this way.";

    /// <summary>The most shuffles that can be asked for: all possible ones are enumerated up to this number.</summary>
    private const long MaxCount = 1 << 20;

    private const string Contrasts = "contrasts";
    private const string NoTail = "none";
    private const string TwoSided = "two-sided";

    private static readonly PermutationSpec Defaults = new();

    private readonly Option<long?> _count = CountOption.Optional(
        "--permutations",
        "test contrasts and F tests by this number of permutations (the identity included; all, if fewer are possible)",
        min: 2,
        max: MaxCount,
        note: "A file of permutations is given with --permutations-file."
    );
    private readonly Option<string?> _file = TextOption.Optional(
        "--permutations-file",
        TextOption.File,
        "the permutations in a file, instead of random ones: MRtrix's (a column each, from 0) or PALM's (CSV, a row each, from 1)"
    );
    private readonly Option<long?> _seed = CountOption.Optional(
        "--perm-seed",
        "the seed of the permutations: the same seed gives the same ones (default: 1)",
        min: 0
    );
    private readonly Option<string?> _method = ChoiceOption.Optional(
        "--perm-method",
        "how nuisance variables are accounted for (default: freedman-lane; dekker: for contrasts only)",
        PermutationSpec.FreedmanLane,
        PermutationSpec.Dekker
    );
    private readonly Option<string?> _errors = ChoiceOption.Optional(
        "--errors",
        "what is assumed of errors: ee (exchangeable: permuted), ise (symmetric: signs flipped) or both (default: ee; ise for tests of the "
            + "intercept)",
        PermutationSpec.Exchangeable,
        PermutationSpec.Symmetric,
        PermutationSpec.Both
    );
    private readonly Option<string?> _alternative = ChoiceOption.Optional(
        "--alternative",
        "the effects that p-values by permutation of contrasts are about: greater (above 0), less (below 0) or two-sided (default: "
            + "two-sided; F tests have one side)",
        new Dictionary<string, string> { ["two.sided"] = TwoSided }, // R's
        TwoSided,
        PermutationSpec.Greater,
        PermutationSpec.Less
    );
    private readonly ExchangeOption _exchange = new();
    private readonly Option<string?> _groups = TextOption.Optional(
        "--variance-groups",
        TextOption.Name,
        "the cohort column whose groups have variances of their own, such as site"
    );
    private readonly Option<string?> _missing = ChoiceOption.Optional(
        "--perm-missing",
        "elements where subjects are missing: exclude them from the tests and the maximum, or test each pattern with the shuffles of the "
            + "subjects that it has (default: exclude where at most 5 % are)",
        PermutationSpec.Exclude,
        PermutationSpec.Pattern
    );
    private readonly Option<string?> _over = ChoiceOption.Optional(
        "--fwe-over",
        "the tests whose largest statistic is taken: those at all elements, or also those of all contrasts and F tests: columns "
            + ".p.value.fwe.all (default: elements)",
        "elements",
        Contrasts
    );
    private readonly Option<string?> _tail = ChoiceOption.Optional(
        "--tail",
        "estimate small family-wise p-values from a generalised Pareto distribution (gpd) of the largest statistics: columns "
            + ".p.value.fwe.gpd (default: none)",
        NoTail,
        PermutationSpec.GeneralisedPareto
    );
    private readonly EnhancementOptions _enhancement = new();

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_count, _file, .. OfTests, .. _enhancement.Options];

    private IReadOnlyList<Option> OfTests => [_seed, _method, _errors, _alternative, _exchange.Option, _groups, _missing, _over, _tail];

    /// <summary>The model with the permutation tests that the options request.</summary>
    /// <exception cref="UsageException">Options contradict each other, or lack those on which they depend.</exception>
    /// <exception cref="BadInputException">A file or folder does not exist.</exception>
    public ModelSpec Apply(ModelSpec model, ParseResult line)
    {
        var (count, file) = (line.GetValue(_count), line.GetValue(_file));
        if (count is null && file is null)
        {
            RefuseWithout(line);
            return model;
        }
        RefuseRobust(model.Hypotheses);
        RefuseWithFile(line, file);
        var (within, whole, blocks, ignoresRepeats) = _exchange.Read(line);
        return model with
        {
            Permutation = new()
            {
                Count = count,
                Seed = line.GetValue(_seed) ?? Defaults.Seed,
                Method = line.GetValue(_method) ?? Defaults.Method,
                Errors = line.GetValue(_errors),
                Alternative = line.GetValue(_alternative) is { } side and not TwoSided ? side : null,
                Within = within,
                Whole = whole,
                Blocks = blocks,
                IgnoresRepeats = ignoresRepeats,
                File = file is null ? null : ExistingFile(_file.Name, file),
                VarianceGroups = line.GetValue(_groups),
                Missing = line.GetValue(_missing),
                FweOverContrasts = line.GetValue(_over) == Contrasts,
                Tail = line.GetValue(_tail) is { } tail and not NoTail ? tail : null,
            },
            Enhancement = _enhancement.Read(line),
        };
    }

    /// <summary>Memory for the maps of a batch; null: the default.</summary>
    public long? BatchMemory(ParseResult line) => _enhancement.BatchMemory(line);

    /// <summary>The absolute path of a file.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static string ExistingFile(string option, string path) =>
        File.Exists(path) ? RealPath.Resolve(path) : throw new BadInputException($"{option} '{path}' does not exist; a file was expected.");

    private void RefuseWithout(ParseResult line)
    {
        if (OfTests.Concat(_enhancement.Options).FirstOrDefault(option => IsGiven(line, option)) is { } option)
            throw new UsageException(
                $"{option.Name} belongs to permutation tests, and there is no {_count.Name}. Add {_count.Name} 5000, or omit {option.Name}."
            );
    }

    /// <summary>Robust standard errors need a statistic for each shuffle that no shuffle computes.</summary>
    private void RefuseRobust(HypothesisSpec? hypotheses)
    {
        var option = hypotheses switch
        {
            { StandardErrors: not null } => "--se",
            { Cluster: not null } => "--cluster",
            _ => null,
        };
        if (option is not null)
            throw new UsageException(
                $"{option} and {_count.Name} exclude each other: permutation tests compare the t and F of least squares. For "
                    + $"unequal variances use {_groups.Name} COLUMN, for related subjects {_exchange.Option.Name} "
                    + $"within=COLUMN or whole=COLUMN; or omit {_count.Name}."
            );
    }

    private void RefuseWithFile(ParseResult line, string? file)
    {
        if (file is null)
            return;
        foreach (var option in (Option[])[_seed, _exchange.Option])
        {
            if (IsGiven(line, option))
                throw new UsageException(
                    $"{option.Name} and {_file.Name} exclude each other: the file holds the permutations themselves. Omit one."
                );
        }
    }

    private static bool IsGiven(ParseResult line, Option option) => line.GetResult(option) is { Implicit: false };
}
