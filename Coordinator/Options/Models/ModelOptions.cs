using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The model and the data: the options that determine the numbers, with ModelArray's argument names.</summary>
internal sealed class ModelOptions
{
    private const string CurrentOrder = "current";
    private const long MinStripeMemory = 64L << 10;
    private const long MaxStripeMemory = 1L << 30;

    private readonly Option<string> _model = TextOption.Required(
        "--model",
        "lm|lmm|gam|gamm|custom",
        "the engine: lm, lmm, gam, gamm or custom"
    );
    private readonly DataOptions _data = new();
    private readonly Option<string?> _formula = new("--formula")
    {
        Description = "R's model formula: \"FDC ~ Age + sex\"",
        HelpName = "FORMULA",
    };
    private readonly Option<string?> _scalar = TextOption.Optional(
        "--scalar",
        TextOption.Name,
        "the response scalar (default: the formula's left side)"
    );
    private readonly Option<string?> _subset = new("--subset")
    {
        Description = "the subjects to fit, a condition on the cohort as R's subset: 'qc == 1 & !is.na(Age)' (default: all)",
        HelpName = "CONDITION",
    };
    private readonly Option<string?> _elements = TextOption.Optional(
        "--element-subset",
        "RANGES",
        "elements, counted from 1, both ends included: 1:1000,2001 (default: all)"
    );
    private readonly Option<bool> _noCheckNames = SwitchOption.Create("--no-check-names", "keep the cohort's column names as written");
    private readonly Option<string[]> _naStrings = TextOption.RepeatedOrEmpty(
        "--na-strings",
        "LIST",
        "codes for missing values in the cohort in addition to NA: 'n/a,#N/A,-' (an empty code: also empty fields of text columns); "
            + "may be repeated"
    );
    private readonly Option<string[]> _column = TextOption.Repeated(
        "--column",
        "NAME=EXPRESSION",
        "add a column: 'osex=ordered(sex, levels=c(\"F\",\"M\"))'; may be repeated",
        RefuseColumn
    );
    private readonly Option<string?> _weights = TextOption.Optional("--weights", TextOption.Name, "the cohort column of prior weights");
    private readonly Option<string?> _contrasts = ListOption.Create(
        "--contrasts",
        "contrasts by factor: site=contr.sum,sex=contr.helmert",
        items => Pairs("--contrasts", items)
    );
    private readonly Option<bool> _fullOutputs = SwitchOption.Create("--full-outputs", "store all statistics");
    private readonly Option<string?> _varModel = ListOption.Create(
        "--var-model",
        "statistics of the model; lm: r.squared,adj.r.squared,sigma,statistic,p.value,df,logLik,AIC,BIC,deviance,df.residual,nobs"
    );
    private readonly Option<bool> _log10P = SwitchOption.Create("--log10-p", "add -log10(p) columns, which do not underflow");
    private readonly Option<string> _columnOrder = ChoiceOption.Create(
        "--column-order",
        "lm and gam: the order of result columns: current (ModelArray since April 2026: term by term) or "
            + $"{ModelSpec.ReleasedColumnOrder} (released version: statistic by statistic) (default: current)",
        CurrentOrder,
        [CurrentOrder, ModelSpec.ReleasedColumnOrder]
    );
    private readonly Option<double> _abs = NumberOption.Create(
        "--num-subj-lthr-abs",
        "fit an element only if more than this number of subjects are finite",
        10,
        value => value >= 0,
        "a number of 0 or more"
    );
    private readonly Option<double> _rel = NumberOption.Create(
        "--num-subj-lthr-rel",
        "… and more than this fraction of all subjects",
        0.2,
        value => value is >= 0 and <= 1,
        "a fraction of all subjects, 0 to 1,"
    );
    private readonly Option<string?> _stripeMemory = TextOption.Optional(
        "--stripe-memory",
        "SIZE",
        $"inflated bytes per scalar and thread, {ByteCountText.Format(MinStripeMemory)} to "
            + $"{ByteCountText.Format(MaxStripeMemory)} "
            + $"(default: {ByteCountText.Format(StripePlan.DefaultStripeMemory)})",
        text => StripeMemory(text)
    );
    private readonly Option<bool> _allowExternal = ExternalOption.Create();
    private readonly PermutationOptions _permutations = new();
    private readonly IReadOnlyList<IEngineOptions> _engines;

    /// <summary>Creates the options.</summary>
    public ModelOptions() => _engines = Engines(new(), _permutations, new());

    private static IReadOnlyList<IEngineOptions> Engines(HypothesisOptions shared, PermutationOptions permutations, FamilyOptions families)
    {
        var linear = new LinearOptions(shared, permutations, families);
        var (mixed, gam) = (new MixedOptions(linear, shared), new GamOptions(shared, families));
        return [linear, mixed, gam, new MixedGamOptions(gam, mixed, shared), new CustomOptions()];
    }

    /// <summary>
    /// The options for a formula's design and statistics, which do not apply to a user's function: it gets the data and returns the
    /// results.
    /// </summary>
    private IReadOnlyList<Option> OfFormulas => [_weights, _contrasts, _fullOutputs, _varModel, _log10P, _columnOrder];

    /// <summary>What models that are fitted in one pass have in common.</summary>
    private IReadOnlyList<Option> OfPass =>
        [.. _data.Options.Where(option => option.Name != "--phenotypes"), _elements, _stripeMemory, _allowExternal];

    private IReadOnlyList<Option> All =>
        [
            _model,
            .. _data.Options,
            _formula,
            _scalar,
            _subset,
            _elements,
            _noCheckNames,
            _naStrings,
            _column,
            _weights,
            _contrasts,
            _fullOutputs,
            _varModel,
            _log10P,
            _columnOrder,
            _abs,
            _rel,
            _stripeMemory,
            _allowExternal,
            .. _engines.SelectMany(engine => engine.Options).Distinct(),
        ];

    /// <summary>Whether models that are fitted in one pass may have different values of an option.</summary>
    public static bool MayDiffer(string option) => Differing.Value.Contains(option);

    private static Lazy<HashSet<string>> Differing { get; } =
        new(() =>
        {
            var options = new ModelOptions();
            return
            [
                .. options.All.Except(options.OfPass).Select(option => option.Name),
                TargetOptions.AnalysisName,
                TargetOptions.FullLengthName,
            ];
        });

    /// <summary>Adds all options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(SpecFile.CreateOption());
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>Adds the options for one element's data or fit to a verb that writes no results: the model is optional.</summary>
    public void AddToElement(Command command)
    {
        _model.Required = false;
        foreach (
            var option in (Option[])
                [
                    _model,
                    .. _data.Sources,
                    _formula,
                    _scalar,
                    _subset,
                    _noCheckNames,
                    _naStrings,
                    _column,
                    _weights,
                    _contrasts,
                    _abs,
                    _rel,
                    _allowExternal,
                    .. _engines.SelectMany(engine => engine.Options.Except(engine.OfResults)).Distinct(),
                ]
        )
            command.Options.Add(option);
    }

    /// <summary>The spec from the options of <see cref="AddToElement"/>: a model, a function to try, or the data alone.</summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    public RunSpec ToElementSpec(ParseResult line)
    {
        var custom = _engines.OfType<CustomOptions>().Single();
        var isFitted = line.GetValue(_model) is { } name && name != custom.Engine;
        if (!isFitted)
        {
            if (line.GetValue(_formula) is not null)
                throw new UsageException($"{_formula.Name} needs {_model.Name} lm, lmm, gam or gamm.");
            RefuseForeign(custom, line);
        }
        var engine = isFitted ? EngineOf(line) : custom;
        return Spec(
            line,
            engine,
            isFitted
                ? engine.Apply(Model(engine, line), line)
                : new()
                {
                    Engine = custom.Engine,
                    Custom = custom.Read(line),
                    Subset = Condition(line),
                },
            hasTarget: false
        );
    }

    /// <summary>The run that the options describe.</summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    public RunSpec ToSpec(ParseResult line)
    {
        var engine = EngineOf(line);
        return Spec(line, engine, engine.Apply(Model(engine, line), line), hasTarget: true) with
        {
            Elements = Subset(line.GetValue(_elements)),
            StripeMemory = StripeMemory(line.GetValue(_stripeMemory)),
            BatchMemory = _permutations.BatchMemory(line),
        };
    }

    private RunSpec Spec(ParseResult line, IEngineOptions engine, ModelSpec model, bool hasTarget) =>
        new()
        {
            Model = model,
            Data = _data.Read(line, hasTarget),
            AllowExternal = line.GetValue(_allowExternal),
            Cohort = new()
            {
                CheckNames = !line.GetValue(_noCheckNames),
                NaStrings = [.. (line.GetValue(_naStrings) ?? []).SelectMany(texts => texts.Split(',', StringSplitOptions.TrimEntries))],
                DerivedColumns = [.. line.GetValue(_column) ?? [], .. engine.DerivedColumns(model, line)],
                MergeOn = _data.MergeOn(line),
                SourceColumn = _data.SourceColumn(line),
                MayOmitSubjects = _data.MayOmitSubjects(line),
            },
        };

    private ModelSpec Model(IEngineOptions engine, ParseResult line) =>
        new()
        {
            Engine = engine.Engine,
            Formula = line.GetValue(_formula) ?? "",
            Scalar = line.GetValue(_scalar),
            Subset = Condition(line),
            Weights = line.GetValue(_weights),
            Contrasts = Pairs(_contrasts.Name, ListOption.Parse(line.GetValue(_contrasts)) ?? []),
            FullOutputs = line.GetValue(_fullOutputs),
            VarModel = ListOption.Parse(line.GetValue(_varModel)),
            Log10P = line.GetValue(_log10P),
            ColumnOrder = line.GetValue(_columnOrder) is { } order and not CurrentOrder ? order : null,
            NumSubjLthrAbs = line.GetValue(_abs),
            NumSubjLthrRel = line.GetValue(_rel),
        };

    /// <summary>
    /// The engine that <c>--model</c> selects. Options of other engines are refused.
    /// </summary>
    private IEngineOptions EngineOf(ParseResult line)
    {
        var name = line.GetRequiredValue(_model);
        var chosen =
            _engines.FirstOrDefault(engine => engine.Engine == name)
            ?? throw new UsageException($"{_model.Name} is '{name}'. {NearestNames.Hint(name, _engines.Select(engine => engine.Engine))}");
        RefuseForeign(chosen, line);
        if (chosen.NeedsFormula && string.IsNullOrWhiteSpace(line.GetValue(_formula)))
            throw new UsageException($"{_formula.Name} is missing: {_model.Name} {name} needs one, such as \"FDC ~ Age + sex\".");
        return chosen;
    }

    /// <summary>Refuses options that do not apply to the engine, instead of ignoring them.</summary>
    private void RefuseForeign(IEngineOptions chosen, ParseResult line)
    {
        var isNamed = line.GetValue(_model) is not null;
        foreach (var other in _engines.Where(engine => engine != chosen))
        {
            if (other.Options.Except(chosen.Options).FirstOrDefault(IsTyped) is { } foreign)
            {
                throw new UsageException(
                    $"{foreign.Name} belongs to {_model.Name} {string.Join(" and ", Having(foreign))}; "
                        + (
                            isNamed
                                ? $"this is {_model.Name} {chosen.Engine}. {Reason(foreign)}Omit it."
                                : $"there is no {_model.Name}. Add {_model.Name} {other.Engine}, or omit it."
                        )
                );
            }
        }
        if (!chosen.NeedsFormula && OfFormulas.FirstOrDefault(IsTyped) is { } without)
        {
            var reason = isNamed
                ? $"a {chosen.Engine} model's function gets the data unchanged, and its return values are the columns"
                : $"there is no {_model.Name}";
            throw new UsageException($"{without.Name} belongs to {_model.Name} lm, lmm, gam and gamm; {reason}. Omit it.");
        }

        bool IsTyped(Option option) => line.GetResult(option) is { Implicit: false };
    }

    /// <summary>Why an option is not one of other engines, with a blank; empty where its description explains it.</summary>
    private string Reason(Option option) =>
        _permutations.Options.Contains(option) ? PermutationOptions.OnlyLinear + " "
        : option.Name == CustomOptions.SeedName ? "The seed of permutation tests is --perm-seed. "
        : "";

    /// <summary>The engines that have an option.</summary>
    private IEnumerable<string> Having(Option option) =>
        _engines.Where(engine => engine.Options.Contains(option)).Select(engine => engine.Engine);

    private string? Condition(ParseResult line)
    {
        var condition = line.GetValue(_subset);
        return condition is null || !string.IsNullOrWhiteSpace(condition)
            ? condition
            : throw new UsageException(
                $"{_subset.Name} is empty; a condition such as 'qc == 1' was expected. Omit it to fit all subjects."
            );
    }

    private static long? StripeMemory(string? text)
    {
        if (text is null)
            return null;
        var bytes = ByteCountText.Parse("--stripe-memory", text);
        return bytes is >= MinStripeMemory and <= MaxStripeMemory
            ? bytes
            : throw new UsageException(
                $"--stripe-memory is '{text}'; {ByteCountText.Format(MinStripeMemory)} to {ByteCountText.Format(MaxStripeMemory)} was "
                    + "expected."
            );
    }

    private static IReadOnlyList<ElementRange> Subset(string? text)
    {
        if (text is null)
            return [];
        var ranges = ElementRanges.Parse(text);
        var ascending = ranges.OrderBy(range => range.First).ToList();
        foreach (var (one, next) in ascending.Zip(ascending.Skip(1)))
        {
            if (one.Intersect(next) is { Count: > 0 } twice)
                throw new BadInputException(
                    $"--element-subset contains element {twice} twice. Each element has one row in the results: remove the repetition."
                );
        }
        return ranges;
    }

    private static Dictionary<string, string> Pairs(string option, IReadOnlyList<string> items)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var part in items)
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw new UsageException($"{option}: '{part}' is not a pair. Write factor=contrast, such as site=contr.sum.");
            var factor = part[..at].Trim();
            if (!pairs.TryAdd(factor, part[(at + 1)..].Trim()))
                throw new UsageException($"{option} contains '{factor}' twice. Give each factor once.");
        }
        return pairs;
    }

    private static void RefuseColumn(string text)
    {
        if (text.IndexOf('=', StringComparison.Ordinal) < 1)
            throw new UsageException(
                $"--column: '{text}' has no name before the expression. Write NAME=EXPRESSION in quotes, such as 'Age2=Age^2'."
            );
    }
}
