using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Functions that summarise a variable by one number, and the elementwise minimum and maximum.</summary>
internal sealed partial class Evaluator
{
    /// <summary>
    /// As in R, a missing value makes the summary missing unless <c>na.rm = TRUE</c>; min, max and sum use all their arguments.
    /// </summary>
    private NumericValue Summary(CallExpression call)
    {
        var (values, removesMissing) = call.Function is "min" or "max" or "sum" ? ValuesOfAll(call) : ValuesOfOne(call);
        var present = Array.FindAll(values, value => !double.IsNaN(value));
        if (present.Length < values.Length && !removesMissing)
            return new([double.NaN]);
        if (present.Length == 0)
            throw Wrong($"{call} has no value to summarise.", call);
        return new([Summarised(call.Function, present)]);
    }

    /// <summary>
    /// R's <c>ave(x, g)</c>: in each row the mean of its group. <c>na.rm = TRUE</c>, which R's function does not have, leaves missing
    /// values out of the means.
    /// </summary>
    private NumericValue GroupMeans(CallExpression call)
    {
        var arguments = Unnamed(call, "na.rm");
        if (arguments.Count < 2)
            throw Wrong("ave() takes a numeric variable and the groups, as in ave(Age, id).", call);
        var removesMissing = Flag(Named(call, "na.rm"), false);
        if (removesMissing && Any(arguments[0]) is FactorValue or TextValue)
            throw new BadInputException(
                $"--within-between {arguments[0]} (ave with na.rm=TRUE): '{arguments[0]}' is not numeric, so that groups have no mean of "
                    + "it. Name numeric variables, or make numbers of a level first: "
                    + $"--column 'NAME=as.numeric({arguments[0]} == \"LEVEL\")'."
            );
        var values = Numeric(arguments[0]).Data;
        var groups = arguments.Skip(1).Select(group => Factors.Texts(Factors.From(Repeat(Any(group), group)))).ToList();
        if (groups.Exists(group => group.Length != values.Length))
            throw Wrong($"{arguments[0]} has {values.Length} values, and the groups have {groups[0].Length}.", call);
        var keys = values.Select((_, row) => string.Join('\u001f', groups.Select(group => group[row] ?? "\0"))).ToArray();
        var means = Enumerable
            .Range(0, values.Length)
            .Where(row => !removesMissing || !double.IsNaN(values[row]))
            .GroupBy(row => keys[row], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Statistics.Mean([.. group.Select(row => values[row])]), StringComparer.Ordinal);
        return new([.. keys.Select(key => key.Contains('\0') ? double.NaN : means.GetValueOrDefault(key, double.NaN))]);
    }

    private (double[] Values, bool RemovesMissing) ValuesOfOne(CallExpression call)
    {
        var arguments = call.Function switch
        {
            "mean" => CallArguments.Match(call, text, "x", "trim", "na.rm"),
            "var" => CallArguments.Match(call, text, "x", "y", "na.rm", "use"),
            _ => CallArguments.Match(call, text, "x", "na.rm"),
        };
        foreach (var other in new[] { "y", "use" })
        {
            if (arguments.FindUnlessNull(other) is { } given)
                throw Wrong($"var() supports x and na.rm here, not '{other}'.", given);
        }
        if (arguments.Find("trim") is { } trim && Number(trim, 0) != 0)
            throw Wrong("mean() does not support trim.", trim);
        return (Numeric(Required(arguments, "x")).Data, Flag(arguments.Find("na.rm"), false));
    }

    private (double[] Values, bool RemovesMissing) ValuesOfAll(CallExpression call)
    {
        if (Unnamed(call, "na.rm") is { Count: 0 })
            throw Wrong($"{call.Function}() needs a vector.", call);
        return ([.. Unnamed(call, "na.rm").SelectMany(argument => Numeric(argument).Data)], Flag(Named(call, "na.rm"), false));
    }

    /// <summary>The arguments for R's dots, where a name must be an option spelt in full.</summary>
    private List<Expression> Unnamed(CallExpression call, string option) =>
        call.Arguments.FirstOrDefault(argument => argument.Name is not null && argument.Name != option) is { } odd
            ? throw Wrong($"{call.Function}() has no argument '{odd.Name}' here. It takes: …, {option}.", odd.Value)
            : [.. call.Arguments.Where(argument => argument.Name is null).Select(argument => argument.Value)];

    private static Expression? Named(CallExpression call, string option) =>
        call.Arguments.FirstOrDefault(argument => argument.Name == option)?.Value;

    /// <summary>R's default quantiles, type 7; other types are refused, and <c>names</c> has no effect.</summary>
    private NumericValue Quantiles(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "probs", "na.rm", "names", "type");
        if (arguments.Find("type") is { } type && Number(type, 7) != 7)
            throw Wrong("quantile() supports only type 7, R's default.", type);
        var (x, probabilities) = (Numeric(Required(arguments, "x")), Probabilities(arguments.Find("probs")));
        if (probabilities.Any(p => p is not (>= 0 and <= 1)))
            throw Wrong($"{arguments.Find("probs")} must be within 0 and 1.", call);
        double[] sorted = [.. x.Data.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0 || (sorted.Length < x.Data.Length && !Flag(arguments.Find("na.rm"), false)))
            throw Wrong($"{arguments.Find("x")} has missing values; write na.rm=TRUE to remove them.", call);
        return new([.. probabilities.Select(p => Statistics.Quantile(sorted, p))]);
    }

    /// <summary>The quartiles unless others are given, as in R.</summary>
    private double[] Probabilities(Expression? written) => written is null ? [0, 0.25, 0.5, 0.75, 1] : Numbers(written);

    private static double Summarised(string function, double[] values) =>
        function switch
        {
            "mean" => Statistics.Mean(values),
            "sd" => Statistics.StandardDeviation(values),
            "var" => Statistics.Variance(values),
            "median" => Statistics.Quantile([.. values.Order()], 0.5),
            "min" => values.Min(),
            "max" => values.Max(),
            "sum" => values.Sum(),
            _ => throw new InvalidOperationException($"{function}() is not a summary."),
        };

    private NumericValue Elementwise(CallExpression call, Func<double, double, double> choose)
    {
        var vectors = Unnamed(call, "na.rm");
        if (vectors.Count < 2)
            throw Wrong($"{call.Function}() takes two or more vectors.", call);
        Func<double, double, double> present = (x, y) =>
            double.IsNaN(x) ? y
            : double.IsNaN(y) ? x
            : choose(x, y);
        var chosen = Flag(Named(call, "na.rm"), false) ? present : choose;
        return vectors.Select(Numeric).Aggregate((left, right) => Combine(left, right, chosen, call)) with { IsLogical = false };
    }
}
