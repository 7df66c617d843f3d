using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Formulas;

internal sealed partial class Evaluator
{
    private static readonly string[] KnownFunctions =
    [
        "I", "c", "log", "log2", "log10", "log1p", "exp", "expm1", "sqrt", "abs", "floor", "ceiling", "trunc", "round", "sign", "pmin", "pmax", "ifelse", "is.na", "as.numeric", "as.integer",
        "as.character", "as.logical", "factor", "as.factor", "ordered", "as.ordered", "relevel", "C", "droplevels", "interaction", "scale", "poly",
        "ns", "bs", "mean", "sd", "median", "min", "max", "sum", "quantile", "offset", "s", "te", "ti", "t2",
    ];

    private Value Call(CallExpression call)
    {
        var isSpline = call.Function is "ns" or "bs";
        if (call.Package is not (null or "base" or "stats") && !(isSpline && call.Package == "splines"))
            throw Wrong($"{call.Package}::{call.Function} is not known. Splines are splines::ns and splines::bs.", call);
        return call.Function switch
        {
            "I" or "identity" => Any(One(call)),
            "c" => Concatenate(call),
            "log" => Logarithm(call),
            "log2" => Map(call, ReproducibleMath.Log2),
            "log10" => Map(call, ReproducibleMath.Log10),
            "log1p" => Map(call, ReproducibleMath.Log1p),
            "exp" => Map(call, ReproducibleMath.Exp),
            "expm1" => Map(call, ReproducibleMath.Expm1),
            "sqrt" => Map(call, Math.Sqrt),
            "abs" => Map(call, Math.Abs),
            "floor" => Map(call, Math.Floor),
            "ceiling" => Map(call, Math.Ceiling),
            "trunc" => Map(call, Math.Truncate),
            "sign" => Map(call, x => double.IsNaN(x) ? x : Math.Sign(x)),
            "round" => Round(call),
            "pmin" => Elementwise(call, Math.Min),
            "pmax" => Elementwise(call, Math.Max),
            "ifelse" => IfElse(call),
            "is.na" => IsMissing(call),
            "as.numeric" or "as.double" or "as.integer" => AsNumeric(call),
            "as.character" => new TextValue(Texts(One(call))),
            "as.logical" => Numeric(One(call)) is var truth ? truth with { Data = Array.ConvertAll(truth.Data, x => double.IsNaN(x) ? x : x == 0 ? 0 : 1), IsLogical = true } : truth,
            "factor" or "ordered" => MakeFactor(call),
            "as.factor" => Factors.From(Repeat(Any(One(call)), call)),
            "as.ordered" => Factors.From(Repeat(Any(One(call)), call)) with { IsOrdered = true },
            "droplevels" => Factor(One(call)) is var factor ? Factors.DropUnused(factor, Enumerable.Range(0, factor.Rows)) : factor,
            "relevel" => Relevel(call),
            "C" => WithContrast(call),
            "interaction" => Interaction(call),
            "scale" => Scale(call),
            "poly" => Polynomial(call),
            "ns" => NaturalSpline(call),
            "bs" => BSpline(call),
            "mean" or "sd" or "median" or "min" or "max" or "sum" => Summary(call),
            "quantile" => Quantiles(call),
            "offset" => throw Wrong("offset() can only stand as a term of its own.", call),
            "s" or "te" or "ti" or "t2" => throw Wrong($"{call.Function}() is a smooth: it needs --model gam and can only stand at the top level of the right side.", call),
            _ => throw Wrong($"The function {call.Function}() is not known. {NearestNames.Hint(call.Function, KnownFunctions, KnownFunctions.Length)}", call),
        };
    }

    private Expression One(CallExpression call) => call.Arguments.Count == 1
        ? call[0]
        : throw Wrong($"{call.Function}() takes one argument.", call);

    private NumericValue Map(CallExpression call, Func<double, double> apply)
    {
        var argument = Numeric(One(call));
        return argument with { Data = Array.ConvertAll(argument.Data, x => apply(x)), IsLogical = false };
    }

    /// <summary>The nearer of the two decimals around x, and of two that are as near the even one: as R does it since 4.0.</summary>
    private NumericValue Round(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "digits");
        var x = Numeric(Required(arguments, "x"));
        var digits = arguments.Find("digits") is { } written ? Number(written, 0) : 0;
        if (digits is < 0 or > 15 || digits != Math.Floor(digits)) throw Wrong("round() takes 0 to 15 digits.", call);
        var unit = Enumerable.Repeat(10.0, (int)digits).Aggregate(1.0, (product, ten) => product * ten);
        return x with { Data = Array.ConvertAll(x.Data, value => Round(value, unit)), IsLogical = false };
    }

    private static double Round(double x, double unit)
    {
        if (!double.IsFinite(x * unit)) return x;
        var (below, above) = (Math.Floor(x * unit), Math.Ceiling(x * unit));
        var (down, up) = (x - (below / unit), (above / unit) - x);
        return (down < up || (down == up && below % 2 == 0) ? below : above) / unit;
    }

    private NumericValue Logarithm(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "base");
        var x = Numeric(Required(arguments, "x"));
        if (arguments.Find("base") is not { } written) return x with { Data = Array.ConvertAll(x.Data, ReproducibleMath.Log), IsLogical = false };
        var @base = Number(written, Math.E);
        return x with
        {
            Data = Array.ConvertAll(x.Data, value => @base == 10 ? ReproducibleMath.Log10(value) : @base == 2 ? ReproducibleMath.Log2(value) : ReproducibleMath.Log(value) / ReproducibleMath.Log(@base)),
            IsLogical = false,
        };
    }

    private Expression Required(CallArguments arguments, string parameter) => arguments.Find(parameter)
        ?? throw Wrong($"{arguments.Call.Function}() needs its argument '{parameter}'.", arguments.Call);

    private Value Concatenate(CallExpression call)
    {
        var parts = call.Arguments.Select(argument => Any(argument.Value)).ToList();
        if (parts.Any(part => part is FactorValue)) throw Wrong("c() joins numbers or texts, not factors.", call);
        if (parts.Any(part => part is TextValue)) return new TextValue([.. parts.SelectMany(Factors.Texts)]);
        return new NumericValue([.. parts.SelectMany(part => ((NumericValue)part).Data)], IsLogical: parts.Count > 0 && parts.All(part => part is NumericValue { IsLogical: true }));
    }

    private NumericValue IfElse(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "test", "yes", "no");
        var (test, yes, no) = (Numeric(Required(arguments, "test")), Numeric(Required(arguments, "yes")), Numeric(Required(arguments, "no")));
        var chosenYes = Combine(test, yes, static (t, y) => double.IsNaN(t) ? t : t != 0 ? y : 0, call);
        var chosenNo = Combine(test, no, static (t, n) => double.IsNaN(t) ? t : t == 0 ? n : 0, call);
        var result = new double[test.Data.Length];
        for (var i = 0; i < result.Length; i++) result[i] = test.Data[i] == 0 ? chosenNo.Data[i] : chosenYes.Data[i];
        return new(result);
    }

    private NumericValue IsMissing(CallExpression call)
    {
        var value = Any(One(call));
        return new([.. Enumerable.Range(0, value.Rows).Select(row => value.IsMissing(row) ? 1.0 : 0.0)], IsLogical: true);
    }

    private NumericValue AsNumeric(CallExpression call)
    {
        var numbers = Any(One(call)) switch
        {
            NumericValue numeric => numeric.Data,
            FactorValue factor => [.. factor.Codes.Select(code => code < 0 ? double.NaN : code + 1)],
            TextValue texts => [.. texts.Data.Select(item => item is not null && NumberText.TryParse(item, out var number) ? number : double.NaN)],
            var other => throw new InvalidOperationException($"{other.GetType().Name} as numbers."),
        };
        return new(call.Function == "as.integer" ? Array.ConvertAll(numbers, Math.Truncate) : (double[])numbers.Clone());
    }

    private FactorValue Factor(Expression expression) => Any(expression) as FactorValue
        ?? throw Wrong($"{expression} is not a factor; write factor({expression}).", expression);

    private FactorValue MakeFactor(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "levels", "labels", "ordered");
        var x = Repeat(Any(Required(arguments, "x")), call);
        var isOrdered = call.Function == "ordered" || (arguments.Find("ordered") is { } flag ? Flag(flag, false) : x is FactorValue { IsOrdered: true });
        var factor = arguments.Find("levels") is { } levels ? Factors.FromTexts(Factors.Texts(x), Distinct(levels))
            : x is FactorValue given ? Factors.DropUnused(given, Enumerable.Range(0, given.Rows)) : Factors.From(x);
        if (arguments.Find("labels") is { } written) factor = Relabelled(factor, Texts(written), written);
        return factor with { IsOrdered = isOrdered, Contrast = null };
    }

    private List<string> Distinct(Expression levels)
    {
        var texts = Texts(levels).OfType<string>().ToList();
        return texts.Distinct().Count() == texts.Count ? texts : throw Wrong($"{levels} names a level twice.", levels);
    }

    private FactorValue Relabelled(FactorValue factor, string?[] labels, Expression where)
    {
        if (labels.Length != factor.Levels.Count) throw Wrong($"{where} has {labels.Length} labels for {factor.Levels.Count} levels.", where);
        var unique = labels.Select(label => label ?? "NA").Distinct().ToList();
        return factor with { Codes = [.. factor.Codes.Select(code => code < 0 ? -1 : unique.IndexOf(labels[code] ?? "NA"))], Levels = unique };
    }

    private FactorValue Relevel(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "ref");
        var (factor, written) = (Factor(Required(arguments, "x")), Required(arguments, "ref"));
        if (factor.IsOrdered) throw Wrong("relevel() is for factors that are not ordered.", call);
        var reference = Any(written) is NumericValue number ? (int)number.Data[0] - 1 : factor.Levels.ToList().IndexOf(Texts(written)[0] ?? "");
        if (reference < 0 || reference >= factor.Levels.Count)
            throw Wrong($"{written} is no level. {NearestNames.Hint(Texts(written)[0] ?? "", factor.Levels)}", written);
        var order = Enumerable.Range(0, factor.Levels.Count).OrderBy(level => level != reference).ToList();
        return factor with { Codes = [.. factor.Codes.Select(code => code < 0 ? -1 : order.IndexOf(code))], Levels = [.. order.Select(level => factor.Levels[level])] };
    }

    private FactorValue WithContrast(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "object", "contr", "base", "scores");
        var value = Any(Required(arguments, "object"));
        var factor = value as FactorValue ?? (value is NumericValue { IsLogical: true } ? Factors.From(value) : throw Wrong($"{arguments.Find("object")} is not a factor; write C(factor(…), …).", call));
        if (arguments.Find("contr") is not { } written) return factor with { Contrast = new(factor.IsOrdered ? ContrastKind.Poly : ContrastKind.Treatment) };
        var name = written switch { NameExpression bare => bare.Name, TextExpression quoted => quoted.Value, _ => written.ToString() };
        var contrast = Contrast.Named(name) ?? throw Wrong($"{name} is no contrast. {NearestNames.Hint(name, Contrast.Names)}", written);
        if (arguments.Find("base") is { } @base) contrast = contrast with { Base = Whole(@base, 1, 1) - 1, IsNumbered = true };
        if (arguments.Find("scores") is { } scores) contrast = contrast with { Scores = Numbers(scores) };
        if (contrast.Base >= factor.Levels.Count) throw Wrong($"There are {factor.Levels.Count} levels only.", call);
        if (contrast.Scores is { } given && given.Count != factor.Levels.Count) throw Wrong($"There are {given.Count} scores for {factor.Levels.Count} levels.", call);
        return factor with { Contrast = contrast };
    }

    private FactorValue Interaction(CallExpression call)
    {
        if (call.Arguments.Count < 2 || call.Arguments.Any(argument => argument.Name is not null)) throw Wrong("interaction() takes two or more factors.", call);
        var factors = call.Arguments.Select(argument => Factors.From(Repeat(Any(argument.Value), argument.Value))).ToList();
        return factors.Aggregate((left, right) => new FactorValue(
            [.. left.Codes.Zip(right.Codes, (a, b) => a < 0 || b < 0 ? -1 : (b * left.Levels.Count) + a)],
            [.. right.Levels.SelectMany(b => left.Levels.Select(a => $"{a}.{b}"))]));
    }
}
