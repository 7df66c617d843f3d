using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

internal sealed partial class Evaluator
{
    private static readonly string[] KnownFunctions =
    [
        "I",
        "c",
        "log",
        "log2",
        "log10",
        "log1p",
        "exp",
        "expm1",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "sqrt",
        "abs",
        "floor",
        "ceiling",
        "trunc",
        "round",
        "sign",
        "pmin",
        "pmax",
        "ifelse",
        "is.na",
        "as.numeric",
        "as.integer",
        "as.character",
        "as.logical",
        "factor",
        "as.factor",
        "ordered",
        "as.ordered",
        "cut",
        "relevel",
        "C",
        "droplevels",
        "interaction",
        "nchar",
        "paste",
        "paste0",
        "substr",
        "substring",
        "seq",
        "rank",
        "cumsum",
        "cumprod",
        "cummax",
        "cummin",
        "scale",
        "poly",
        "ns",
        "bs",
        "mean",
        "sd",
        "var",
        "median",
        "ave",
        "min",
        "max",
        "sum",
        "quantile",
        "offset",
        "s",
        "te",
        "ti",
        "t2",
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
            "sin" => Map(call, x => ReproducibleMath.SinCos(x).Sin),
            "cos" => Map(call, x => ReproducibleMath.SinCos(x).Cos),
            "tan" => Map(call, ReproducibleMath.Tan),
            "asin" => Map(call, ReproducibleMath.Asin),
            "acos" => Map(call, ReproducibleMath.Acos),
            "atan" => Map(call, ReproducibleMath.Atan),
            "sinh" => Map(call, ReproducibleMath.Sinh),
            "cosh" => Map(call, ReproducibleMath.Cosh),
            "tanh" => Map(call, ReproducibleMath.Tanh),
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
            "as.logical" => Numeric(One(call)) is var truth
                ? truth with
                {
                    Data = Array.ConvertAll(
                        truth.Data,
                        x =>
                            double.IsNaN(x) ? x
                            : x == 0 ? 0
                            : 1
                    ),
                    IsLogical = true,
                }
                : truth,
            "factor" or "ordered" => MakeFactor(call),
            "as.factor" => Factors.From(Repeat(Any(One(call)), call)),
            "as.ordered" => Factors.From(Repeat(Any(One(call)), call)) with { IsOrdered = true },
            "droplevels" => Factor(One(call)) is var factor ? Factors.DropUnused(factor, Enumerable.Range(0, factor.Rows)) : factor,
            "cut" => Cut(call),
            "relevel" => Relevel(call),
            "C" => WithContrast(call),
            "interaction" => Interaction(call),
            "nchar" => CharacterCounts(call),
            "paste" or "paste0" => Pasted(call),
            "substr" => Substrings(call, "x", "start", "stop"),
            "substring" => Substrings(call, "text", "first", "last"),
            "seq" => RegularSequence(call),
            "[" => Subset(call),
            "rank" => Ranks(call),
            "cumsum" => Cumulative(call, static (x, y) => x + y),
            "cumprod" => Cumulative(call, static (x, y) => x * y),
            "cummax" => Cumulative(call, Math.Max),
            "cummin" => Cumulative(call, Math.Min),
            "scale" => Scale(call),
            "poly" => Polynomial(call),
            "ns" => NaturalSpline(call),
            "bs" => BSpline(call),
            "mean" or "sd" or "var" or "median" or "min" or "max" or "sum" => Summary(call),
            "quantile" => Quantiles(call),
            "ave" => GroupMeans(call),
            "offset" => throw Wrong("offset() can only be used as a separate term.", call),
            "s" or "te" or "ti" or "t2" => throw Wrong(
                $"{call.Function}() is a smooth: it needs --model gam and can only be used at the top level of the right-hand side.",
                call
            ),
            _ => throw Wrong(
                $"The function {call.Function}() is not known. {NearestNames.Hint(call.Function, KnownFunctions, KnownFunctions.Length)}",
                call
            ),
        };
    }

    /// <summary>The argument <c>x</c> of a function that has no others.</summary>
    private Expression One(CallExpression call) =>
        call.Arguments is [{ Name: null or "x" }]
            ? call[0]
            : throw Wrong(
                $"{call.Function}() takes one "
                    + $"argument{(call.Arguments is [{ Name: { } name }] ? $", x, and has no argument '{name}'" : "")}.",
                call
            );

    private NumericValue Map(CallExpression call, Func<double, double> apply)
    {
        var argument = Numeric(One(call));
        return argument with { Data = Array.ConvertAll(argument.Data, x => apply(x)), IsLogical = false };
    }

    /// <summary>Rounds to the nearest decimal, ties to even, as R does since 4.0.</summary>
    private NumericValue Round(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "digits");
        var x = Numeric(Required(arguments, "x"));
        var digits = arguments.Find("digits") is { } written ? Number(written, 0) : 0;
        if (digits is < 0 or > 15 || digits != Math.Floor(digits))
            throw Wrong("round() takes 0 to 15 digits.", call);
        var unit = Enumerable.Repeat(10.0, (int)digits).Aggregate(1.0, (product, ten) => product * ten);
        return x with { Data = Array.ConvertAll(x.Data, value => Round(value, unit)), IsLogical = false };
    }

    private static double Round(double x, double unit)
    {
        if (!double.IsFinite(x * unit))
            return x;
        var (below, above) = (Math.Floor(x * unit), Math.Ceiling(x * unit));
        var (down, up) = (x - (below / unit), (above / unit) - x);
        return (down < up || (down == up && below % 2 == 0) ? below : above) / unit;
    }

    private NumericValue Logarithm(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "base");
        var x = Numeric(Required(arguments, "x"));
        if (arguments.Find("base") is not { } written)
            return x with { Data = Array.ConvertAll(x.Data, ReproducibleMath.Log), IsLogical = false };
        var @base = Number(written, Math.E);
        return x with
        {
            Data = Array.ConvertAll(
                x.Data,
                value =>
                    @base == 10 ? ReproducibleMath.Log10(value)
                    : @base == 2 ? ReproducibleMath.Log2(value)
                    : ReproducibleMath.Log(value) / ReproducibleMath.Log(@base)
            ),
            IsLogical = false,
        };
    }

    private Expression Required(CallArguments arguments, string parameter) =>
        arguments.Find(parameter) ?? throw Wrong($"{arguments.Call.Function}() needs its argument '{parameter}'.", arguments.Call);

    private Value Concatenate(CallExpression call)
    {
        var parts = call.Arguments.Select(argument => Any(argument.Value)).ToList();
        if (parts.Any(part => part is FactorValue))
            throw Wrong("c() joins numbers or strings, not factors.", call);
        if (parts.Any(part => part is TextValue))
            return new TextValue([.. parts.SelectMany(Factors.Texts)]);
        return new NumericValue(
            [.. parts.SelectMany(part => ((NumericValue)part).Data)],
            IsLogical: parts.Count > 0 && parts.All(part => part is NumericValue { IsLogical: true })
        );
    }

    private Value IfElse(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "test", "yes", "no");
        var condition = Numeric(Required(arguments, "test"));
        return Any(Required(arguments, "yes")) is TextValue || Any(Required(arguments, "no")) is TextValue
            ? TextIfElse(arguments, condition)
            : NumberIfElse(arguments, condition);
    }

    private TextValue TextIfElse(CallArguments arguments, NumericValue test)
    {
        var (yes, no) = (OneOrAll(Required(arguments, "yes"), test.Rows), OneOrAll(Required(arguments, "no"), test.Rows));
        return new([.. test.Data.Select((truth, row) => double.IsNaN(truth) ? null : (truth != 0 ? yes : no)(row))]);
    }

    /// <summary>The string of each row, where a single one is recycled; factors are refused, of which R would take the codes.</summary>
    private Func<int, string?> OneOrAll(Expression expression, int count)
    {
        if (Any(expression) is FactorValue)
            throw Wrong($"ifelse() would take the codes of the factor {expression}; write as.character({expression}).", expression);
        var texts = Texts(expression);
        return texts.Length == 1 ? _ => texts[0]
            : texts.Length == count ? row => texts[row]
            : throw Wrong($"{expression} has {texts.Length} values where there are {count}.", expression);
    }

    private NumericValue NumberIfElse(CallArguments arguments, NumericValue test)
    {
        var call = arguments.Call;
        var (yes, no) = (Numeric(Required(arguments, "yes")), Numeric(Required(arguments, "no")));
        var chosenYes = Combine(
            test,
            yes,
            static (t, y) =>
                double.IsNaN(t) ? t
                : t != 0 ? y
                : 0,
            call
        );
        var chosenNo = Combine(
            test,
            no,
            static (t, n) =>
                double.IsNaN(t) ? t
                : t == 0 ? n
                : 0,
            call
        );
        var result = new double[test.Data.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = test.Data[i] == 0 ? chosenNo.Data[i] : chosenYes.Data[i];
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
            TextValue texts =>
            [
                .. texts.Data.Select(item => item is not null && NumberText.TryParse(item, out var number) ? number : double.NaN),
            ],
            var other => throw new InvalidOperationException($"{other.GetType().Name} as numbers."),
        };
        return new(call.Function == "as.integer" ? Array.ConvertAll(numbers, Math.Truncate) : (double[])numbers.Clone());
    }
}
