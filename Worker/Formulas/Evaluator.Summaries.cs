namespace HpcFit.Worker.Formulas;

/// <summary>Functions that make one number of a variable's rows, and the elementwise least and greatest.</summary>
internal sealed partial class Evaluator
{
    /// <summary>As in R, a missing value makes the summary missing unless <c>na.rm = TRUE</c>.</summary>
    private NumericValue Summary(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "na.rm");
        var x = Numeric(Required(arguments, "x"));
        var present = Array.FindAll(x.Data, value => !double.IsNaN(value));
        if (present.Length < x.Data.Length && !Flag(arguments.Find("na.rm"), false)) return new([double.NaN]);
        if (present.Length == 0) throw Wrong($"{call} has no value to summarise.", call);
        return new([Summarised(call.Function, present)]);
    }

    /// <summary>R's default quantiles, type 7.</summary>
    private NumericValue Quantiles(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, "x", "probs", "na.rm");
        var (x, probabilities) = (Numeric(Required(arguments, "x")), Numbers(Required(arguments, "probs")));
        if (probabilities.Any(p => p is not (>= 0 and <= 1))) throw Wrong($"{arguments.Find("probs")} must lie in 0 to 1.", call);
        double[] sorted = [.. x.Data.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0 || (sorted.Length < x.Data.Length && !Flag(arguments.Find("na.rm"), false)))
            throw Wrong($"{arguments.Find("x")} has missing values; write na.rm=TRUE to leave them out.", call);
        return new([.. probabilities.Select(p => Statistics.Quantile(sorted, p))]);
    }

    private static double Summarised(string function, double[] values) => function switch
    {
        "mean" => Statistics.Mean(values),
        "sd" => Statistics.StandardDeviation(values),
        "median" => Statistics.Quantile([.. values.Order()], 0.5),
        "min" => values.Min(),
        "max" => values.Max(),
        "sum" => values.Sum(),
        _ => throw new InvalidOperationException($"{function}() is no summary."),
    };

    private NumericValue Elementwise(CallExpression call, Func<double, double, double> choose)
    {
        if (call.Arguments.Count < 2 || call.Arguments.Any(argument => argument.Name is not null)) throw Wrong($"{call.Function}() takes two or more vectors.", call);
        return call.Arguments.Select(argument => Numeric(argument.Value)).Aggregate((left, right) => Combine(left, right, choose, call)) with { IsLogical = false };
    }
}
