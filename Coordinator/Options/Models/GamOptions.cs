using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The options of <c>--model gam</c> only, with mgcv's and ModelArray's argument names.</summary>
/// <param name="hypotheses">Contrasts and tests of the parametric terms.</param>
/// <param name="families">The distribution of the response.</param>
internal sealed class GamOptions(HypothesisOptions hypotheses, FamilyOptions families) : IEngineOptions
{
    private const int MaxPoints = 10_000;
    private static readonly string[] Methods = ["GCV.Cp", "GACV.Cp", "REML", "ML", "P-REML", "P-ML"];
    private static readonly string[] Bases = ["rows-left", "all-subjects"];
    private static readonly string[] PValues = [GamSpec.AccuratePValues, "davies"];

    private readonly Option<string> _method = ChoiceOption.Create(
        "--method",
        $"gam: how smoothing parameters are chosen: {string.Join(", ", Methods)} (default: GCV.Cp)",
        Methods[0],
        Methods
    );
    private readonly Option<double> _gamma = NumberOption.Create(
        "--gamma",
        "gam, gamm: multiplies the degrees of freedom in the criterion; 1.4 smooths more (default: 1)",
        1,
        gamma => gamma > 0,
        "a number above 0, such as 1.4,"
    );
    private readonly Option<bool> _select = SwitchOption.Create("--select", "gam, gamm: allow smooths to be shrunk to zero");
    private readonly Option<string?> _sp = ListOption.Create(
        "--sp",
        "gam: fixed smoothing parameters, one per penalty, negative to estimate: 0.05,3",
        items => Numbers("--sp", items)
    );
    private readonly Option<string[]> _knots = TextOption.Repeated(
        "--knots",
        "NAME=LIST",
        "gam, gamm: knots of a covariate: angle=0,360; may be repeated",
        text => KnotsOf(text)
    );
    private readonly Option<string> _basis = ChoiceOption.Create(
        "--basis",
        "gam, gamm: the basis at elements with missing subjects: rows-left (from the observed subjects, as in mgcv) or all-subjects "
            + "(default: rows-left)",
        Bases[0],
        Bases
    );
    private readonly Option<string> _pValues = ChoiceOption.Create(
        "--smooth-p-values",
        "gam, gamm: the smooths' p-values: accurate, or davies, mgcv's method with errors of about 1e-6 (default: accurate)",
        PValues[0],
        PValues
    );
    private readonly Option<string?> _varSmooths = ListOption.Create(
        "--var-smooth-terms",
        "gam, gamm: statistics per smooth: statistic,p.value,edf,ref.df"
    );
    private readonly Option<string?> _varParametric = ListOption.Create(
        "--var-parametric-terms",
        "gam, gamm: statistics per parametric term: estimate,std.error,statistic,p.value"
    );
    private readonly Option<string?> _correctSmooths = ListOption.Create(
        "--correct-p-value-smooth-terms",
        "gam, gamm: corrections of the smooths' p-values (default: fdr)"
    );
    private readonly Option<string?> _correctParametric = ListOption.Create(
        "--correct-p-value-parametric-terms",
        "gam, gamm: corrections of the parametric terms' p-values (default: fdr)"
    );
    private readonly Option<string?> _changedRsq = ListOption.Create(
        "--changed-rsq-term-index",
        "gam: terms of the formula, counted from 1, for which delta.adj.rsq and partial.rsq are computed: 1,2",
        items => Indices("--changed-rsq-term-index", items)
    );

    private readonly Option<long?> _smoothCurves = CountOption.Optional(
        "--smooth-curves",
        "gam, gamm: store each smooth's curve and its standard error at this many points; 0: none (default: none)",
        min: 0,
        max: MaxPoints
    );

    private readonly Option<bool> _derivatives = SwitchOption.Create(
        "--smooth-derivatives",
        "gam, gamm: with --smooth-curves, store the derivatives of smooths of one variable, too"
    );

    private readonly Option<string?> _intervals = ChoiceOption.Optional(
        "--smooth-intervals",
        "gam, gamm: with --smooth-curves, store 95 % intervals of curves and derivatives, for each point or for the whole curve "
            + "(default: none)",
        GamSpec.Pointwise,
        GamSpec.Simultaneous
    );

    /// <summary>The options that determine fits of gamm, too, whose criterion is REML or ML.</summary>
    public IReadOnlyList<Option> OfFits => [.. families.Options, _gamma, _select, _knots, _basis, _pValues];

    /// <summary>The options for results that gamm has, too: all but those of models without a term.</summary>
    public IReadOnlyList<Option> OfMixedResults => [.. OfResults.Where(option => option != _changedRsq)];

    public string Engine => "gam";

    public bool NeedsFormula => true;

    public IReadOnlyList<Option> Options =>
        [.. families.Options, _method, _gamma, _select, _sp, _knots, _basis, _pValues, .. OfResults, .. hypotheses.OfParametric];

    public IReadOnlyList<Option> OfResults =>
        [_varSmooths, _varParametric, _correctSmooths, _correctParametric, _changedRsq, _smoothCurves, _derivatives, _intervals];

    public ModelSpec Apply(ModelSpec model, ParseResult line) =>
        model with
        {
            Family = families.Read(line),
            Hypotheses = hypotheses.Read(line),
            Gam = new()
            {
                Method = line.GetValue(_method)!,
                Gamma = line.GetValue(_gamma),
                Select = line.GetValue(_select),
                Sp = ListOption.Parse(line.GetValue(_sp)) is { } sp ? Numbers(_sp.Name, sp) : null,
                Knots = Knots(line.GetValue(_knots) ?? []),
                BasisOfAllSubjects = line.GetValue(_basis) == Bases[1],
                SmoothPValues = line.GetValue(_pValues)!,
                VarSmoothTerms = ListOption.Parse(line.GetValue(_varSmooths)),
                VarParametricTerms = ListOption.Parse(line.GetValue(_varParametric)),
                CorrectPValueSmoothTerms = ListOption.Parse(line.GetValue(_correctSmooths)),
                CorrectPValueParametricTerms = ListOption.Parse(line.GetValue(_correctParametric)),
                SmoothCurves = Points(line),
                SmoothDerivatives = OfCurves(line, _derivatives, line.GetValue(_derivatives)),
                SmoothIntervals = OfCurves(line, _intervals, line.GetValue(_intervals)),
                ChangedRsqTermIndex = Indices(_changedRsq.Name, ListOption.Parse(line.GetValue(_changedRsq)) ?? []),
            },
        };

    /// <summary>The same for gamm, which maximises the likelihood or the restricted likelihood.</summary>
    public ModelSpec ApplyMixed(ModelSpec model, ParseResult line, bool isMl)
    {
        var applied = Apply(model, line);
        return applied with { Gam = applied.Gam! with { Method = isMl ? "ML" : "REML" } };
    }

    private Dictionary<string, IReadOnlyList<double>> Knots(IEnumerable<string> texts)
    {
        var knots = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        foreach (var (covariate, values) in texts.Select(KnotsOf))
        {
            if (!knots.TryAdd(covariate, values))
                throw new UsageException($"{_knots.Name} is given twice for '{covariate}'. Give all its knots in one list.");
        }
        return knots;
    }

    private static (string Covariate, IReadOnlyList<double> Values) KnotsOf(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (text[..at].Trim(), Numbers("--knots", text[(at + 1)..].Split(',', StringSplitOptions.TrimEntries)))
            : throw new UsageException($"--knots: '{text}' has no covariate. Write covariate=knots, such as angle=0,360.");
    }

    private int Points(ParseResult line) =>
        line.GetValue(_smoothCurves) switch
        {
            1 => throw new UsageException($"{_smoothCurves.Name} is 1; 2 to {MaxPoints} points were expected, such as 100."),
            var points => (int)(points ?? 0),
        };

    /// <summary>A value that has a meaning only if curves are stored.</summary>
    private T OfCurves<T>(ParseResult line, Option option, T value) =>
        Points(line) > 0 || value is null or false
            ? value
            : throw new UsageException(
                $"{option.Name} needs points at which curves are stored: add {_smoothCurves.Name}, such as {_smoothCurves.Name} 100."
            );

    private static int[] Indices(string option, IReadOnlyList<string> items) =>
        [
            .. items.Select(text =>
                TypedNumber.Whole(text) is > 0 and <= int.MaxValue and var index
                    ? (int)index
                    : throw new UsageException(
                        $"{option}: '{text}' is not an index. Terms are counted from 1, in the formula's order.{TypedNumber.Advice(text)}"
                    )
            ),
        ];

    private static List<double> Numbers(string option, IReadOnlyList<string> items) =>
        [
            .. items.Select(text =>
                TypedNumber.Real(text) is { } value && !HasLeadingZero(text)
                    ? value
                    : throw new UsageException(
                        $"{option}: '{text}' is not a number. Commas separate numbers, and decimals have a point: "
                            + $"0.05,3.{TypedNumber.Advice(text)}"
                    )
            ),
        ];

    /// <summary>Whether the text may be the second part of <c>0,05</c>, meant as one number.</summary>
    private static bool HasLeadingZero(string text) => text is ['0', >= '0' and <= '9', ..];
}
