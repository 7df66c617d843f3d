using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>Contrasts, tests of terms, effect sizes, robust standard errors.</summary>
internal sealed class HypothesisOptions
{
    /// <summary>The placeholder of a contrast in help.</summary>
    public const string Placeholder = "NAME: EXPRESSION";

    private const string ContrastName = "--contrast";

    private static readonly HypothesisSpec Defaults = new();

    private readonly Option<string[]> _contrasts = TextOption.Repeated(
        ContrastName,
        Placeholder,
        "test a combination of coefficients by t: 'old-young: groupold - groupyoung'; may be repeated",
        text => ContrastSpec.Parse(text, ContrastName)
    );
    private readonly Option<string?> _file = TextOption.Optional(
        "--contrasts-file",
        TextOption.File,
        "test the contrasts of a file: CSV (name, one column per coefficient), FSL's .con, or a text matrix as MRtrix's"
    );
    private readonly Option<string[]> _tests = TextOption.Repeated(
        "--f-test",
        "TERMS",
        "test a term, or terms together, by F: 'site', 'site, site:sex', or contrasts by name; may be repeated"
    );
    private readonly Option<string> _type = ChoiceOption.Create(
        "--anova-type",
        "the type of the tests of terms: II (each term without those that contain it) or III (as SAS) (default: II; lmm, gamm: III)",
        Defaults.AnovaType,
        HypothesisSpec.TypeTwo,
        HypothesisSpec.TypeThree
    );
    private readonly Option<bool> _effectSizes = SwitchOption.Create(
        "--effect-sizes",
        "add confidence intervals and effect sizes of coefficients, contrasts and F tests"
    );
    private readonly Option<double> _level = NumberOption.Create(
        "--conf-level",
        "the coverage of the confidence intervals (default: 0.95)",
        Defaults.ConfLevel,
        level => level is > 0 and < 1,
        "a probability between 0 and 1, such as 0.95,"
    );

    private readonly Option<string?> _errors = ChoiceOption.Optional(
        "--se",
        "robust standard errors of the kind that package sandwich names (default: those of least squares)",
        "HC0",
        "HC1",
        "HC2",
        "HC3",
        "HC4"
    );
    private readonly Option<string?> _cluster = TextOption.Optional(
        "--cluster",
        TextOption.Name,
        "robust standard errors for clusters of subjects (CR2): the cohort column with the cluster, such as family"
    );

    /// <summary>The options of lm.</summary>
    public IReadOnlyList<Option> OfLinear => [.. OfParametric, _errors, _cluster];

    /// <summary>Those of every model with parametric terms.</summary>
    public IReadOnlyList<Option> OfParametric => [_contrasts, _file, _tests, _type, _effectSizes, _level];

    /// <summary>The coverage of confidence intervals.</summary>
    public Option<double> ConfLevel => _level;

    /// <summary>
    /// What the options request for a mixed model, whose coverage is not part of it, and whose tests of terms are of type III unless
    /// another type is given; null if none was given.
    /// </summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    /// <exception cref="BadInputException">The file of contrasts cannot be read.</exception>
    public HypothesisSpec? ReadMixed(ParseResult line)
    {
        var isTypeGiven = line.GetResult(_type) is { Implicit: false };
        var spec = Read(line) is { } read ? read with { ConfLevel = Defaults.ConfLevel } : null;
        return spec is null || (!isTypeGiven && spec.RequestsNothing()) ? null
            : isTypeGiven ? spec
            : spec with { AnovaType = HypothesisSpec.TypeThree };
    }

    /// <summary>What the options request; null if none was given, or all have their defaults.</summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    /// <exception cref="BadInputException">The file of contrasts cannot be read.</exception>
    public HypothesisSpec? Read(ParseResult line)
    {
        var (file, errors, cluster) = (line.GetValue(_file), line.GetValue(_errors), line.GetValue(_cluster));
        if (errors is not null && cluster is not null)
            throw new UsageException(
                $"{_errors.Name} and {_cluster.Name} are alternatives: {_cluster.Name} has the estimator CR2. Give one."
            );
        if (cluster is not null && line.GetValue(_tests) is { Length: > 0 })
            throw new UsageException(
                $"{_tests.Name} is not available with {_cluster.Name}, whose CR2 estimator has Satterthwaite degrees of freedom for single "
                    + $"contrasts only. Test contrasts with {ContrastName}, or use {_errors.Name} HC3."
            );
        var spec = new HypothesisSpec
        {
            Contrasts =
            [
                .. (line.GetValue(_contrasts) ?? []).Select(text => ContrastSpec.Parse(text, ContrastName)),
                .. file is null ? [] : ContrastsFile.Read(file),
            ],
            FTests = [.. line.GetValue(_tests) ?? []],
            AnovaType = line.GetValue(_type)!,
            EffectSizes = line.GetValue(_effectSizes),
            ConfLevel = line.GetValue(_level),
            StandardErrors = errors,
            Cluster = cluster,
        };
        return spec.RequestsNothing() && line.GetResult(_type) is not { Implicit: false } ? null : spec;
    }
}
