using System.CommandLine;
using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Commands;

/// <summary>What only <c>--model gam</c> has, under mgcv's and ModelArray's argument names.</summary>
internal sealed class GamOptions : IEngineOptions
{
    private static readonly string[] Methods = ["GCV.Cp", "GACV.Cp", "REML", "ML", "P-REML", "P-ML"];
    private static readonly string[] Bases = ["rows-left", "all-subjects"];
    private static readonly string[] PValues = [GamSpec.AccuratePValues, "davies"];

    private readonly Option<string> _method = new("--method")
    {
        Description = $"gam, how smoothing parameters are chosen: {string.Join(", ", Methods)} (default: GCV.Cp)",
        DefaultValueFactory = _ => Methods[0],
    };
    private readonly Option<double> _gamma = new("--gamma") { Description = "gam, multiplies the degrees of freedom in the criterion; 1.4 smooths more (default: 1)", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _select = new("--select") { Description = "gam, let whole smooths vanish" };
    private readonly Option<string?> _sp = ListOption.Create("--sp", "gam, fixed smoothing parameters, one a penalty, negative to estimate: 0.05,3");
    private readonly Option<string[]> _knots = new("--knots") { Description = "gam, knots of a covariate: angle=0,360; may be repeated", DefaultValueFactory = _ => [] };
    private readonly Option<string> _basis = new("--basis")
    {
        Description = "gam, the basis at elements with missing subjects: rows-left (made anew, as mgcv does) or all-subjects (default: rows-left)",
        DefaultValueFactory = _ => Bases[0],
    };
    private readonly Option<string> _pValues = new("--smooth-p-values")
    {
        Description = "gam, the smooths' p-values: accurate, or davies, which is mgcv's method with its errors of about 1e-6 (default: accurate)",
        DefaultValueFactory = _ => PValues[0],
    };
    private readonly Option<string?> _varSmooths = ListOption.Create("--var-smooth-terms", "gam, per smooth: statistic,p.value,edf,ref.df");
    private readonly Option<string?> _varParametric = ListOption.Create("--var-parametric-terms", "gam, per parametric term: estimate,std.error,statistic,p.value");
    private readonly Option<string?> _correctSmooths = ListOption.Create("--correct-p-value-smooth-terms", "gam, corrections of the smooths' p-values (default: fdr)");
    private readonly Option<string?> _correctParametric =
        ListOption.Create("--correct-p-value-parametric-terms", "gam, corrections of the parametric terms' p-values (default: fdr)");
    private readonly Option<string?> _changedRsq =
        ListOption.Create("--changed-rsq-term-index", "gam, terms of the formula, counted from 1, whose delta.adj.rsq and partial.rsq are wanted: 1,2");

    private readonly Option<int> _smoothCurves = new("--smooth-curves") { Description = "gam, store each smooth's curve and its standard error at this many points (default: none)" };

    public string Engine => "gam";

    public bool NeedsFormula => true;

    public IReadOnlyList<Option> Options =>
        [_method, _gamma, _select, _sp, _knots, _basis, _pValues, _varSmooths, _varParametric, _correctSmooths, _correctParametric, _changedRsq, _smoothCurves];

    public ModelSpec Apply(ModelSpec model, ParseResult line) => model with
    {
        Gam = new()
        {
            Method = OneOf(_method, Methods, line),
            Gamma = Gamma(line),
            Select = line.GetValue(_select),
            Sp = ListOption.Parse(line.GetValue(_sp))?.Select(text => Number(_sp.Name, text)).ToList(),
            Knots = Knots(line.GetValue(_knots) ?? []),
            BasisOfAllSubjects = OneOf(_basis, Bases, line) == Bases[1],
            SmoothPValues = OneOf(_pValues, PValues, line),
            VarSmoothTerms = ListOption.Parse(line.GetValue(_varSmooths)),
            VarParametricTerms = ListOption.Parse(line.GetValue(_varParametric)),
            CorrectPValueSmoothTerms = ListOption.Parse(line.GetValue(_correctSmooths)),
            CorrectPValueParametricTerms = ListOption.Parse(line.GetValue(_correctParametric)),
            SmoothCurves = Points(line),
            ChangedRsqTermIndex = [.. (ListOption.Parse(line.GetValue(_changedRsq)) ?? []).Select(Index)],
        },
    };

    private static string OneOf(Option<string> option, string[] known, ParseResult line)
    {
        var text = line.GetValue(option)!;
        return known.Contains(text, StringComparer.Ordinal) ? text : throw new UsageException($"{option.Name} is '{text}'. {NearestNames.Hint(text, known)}");
    }

    private double Gamma(ParseResult line)
    {
        var gamma = line.GetValue(_gamma);
        return gamma > 0 && double.IsFinite(gamma)
            ? gamma
            : throw new UsageException($"{_gamma.Name} is {gamma.ToString(CultureInfo.InvariantCulture)}; a number above 0 was expected, such as 1.4.");
    }

    private Dictionary<string, IReadOnlyList<double>> Knots(IEnumerable<string> texts)
    {
        var knots = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1) throw new UsageException($"{_knots.Name}: '{text}' names no covariate. Write covariate=knots, such as angle=0,360.");
            var covariate = text[..at].Trim();
            if (!knots.TryAdd(covariate, [.. text[(at + 1)..].Split(',').Select(part => Number(_knots.Name, part))]))
                throw new UsageException($"{_knots.Name} is given twice for '{covariate}'. Give all its knots in one list.");
        }
        return knots;
    }

    private int Points(ParseResult line)
    {
        var points = line.GetValue(_smoothCurves);
        return points is 0 or (>= 2 and <= 10_000)
            ? points
            : throw new UsageException($"{_smoothCurves.Name} is {points.ToString(CultureInfo.InvariantCulture)}; 2 to 10000 points were expected, such as 100.");
    }

    private int Index(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index > 0
        ? index
        : throw new UsageException($"{_changedRsq.Name}: '{text}' is no index. Terms are counted from 1, in the formula's order.");

    private static double Number(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new UsageException($"{option}: '{text.Trim()}' is no number.");
}
