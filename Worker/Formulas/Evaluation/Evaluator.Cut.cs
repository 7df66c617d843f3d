using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>R's <c>cut()</c>: intervals of a numeric vector as a factor, or as codes with <c>labels = FALSE</c>.</summary>
internal sealed partial class Evaluator
{
    private static readonly string[] CutParameters = ["x", "breaks", "labels", "include.lowest", "right", "dig.lab", "ordered_result"];

    /// <summary>Whether the breaks are numbers in the formula, so that the intervals do not depend on the rows.</summary>
    private static bool HasGivenBreaks(CallExpression call)
    {
        try
        {
            return CallArguments.Match(call, "", CutParameters).Find("breaks") is { } breaks
                && new Evaluator("", 0, _ => null, []).EvaluateConstant(breaks).Rows > 1;
        }
        catch (BadInputException)
        {
            // Breaks that are not constants, or wrong arguments, which are reported where the call is evaluated.
            return false;
        }
    }

    private Value Cut(CallExpression call)
    {
        var arguments = CallArguments.Match(call, text, CutParameters);
        var written = Required(arguments, "x");
        if (Any(written) is not NumericValue { Columns: 1, IsLogical: false } x)
            throw Wrong($"cut() needs numbers; {written} is not a numeric vector.", written);
        var intervals = new Intervals(
            Breaks(Required(arguments, "breaks"), x.Data),
            Flag(arguments.Find("right"), true),
            Flag(arguments.Find("include.lowest"), false)
        );
        int[] codes = [.. x.Data.Select(intervals.CodeOf)];
        var labels = arguments.FindUnlessNull("labels");
        if (labels is not null && Any(labels) is NumericValue { IsLogical: true, Data: [0] })
            return new NumericValue([.. codes.Select(code => code < 0 ? double.NaN : code + 1)]);
        var isOrdered = Flag(arguments.Find("ordered_result"), false);
        var digits = Whole(arguments.Find("dig.lab"), 3, 1);
        return labels is null
            ? new FactorValue(codes, intervals.Labels(digits), isOrdered)
            : Relabelled(codes, Texts(labels), intervals.Count, labels) with
            {
                IsOrdered = isOrdered,
            };
    }

    private FactorValue Relabelled(int[] codes, string?[] labels, int intervals, Expression where)
    {
        if (labels.Length != intervals)
            throw Wrong($"{where} has {labels.Length} labels for {intervals} intervals.", where);
        if (labels.Contains(null))
            throw Wrong($"{where} has a missing label.", where);
        // As in R, intervals of the same label are one level.
        var levels = labels.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return new([.. codes.Select(code => code < 0 ? -1 : levels.IndexOf(labels[code]!))], levels);
    }

    /// <summary>Given breaks, sorted; or those of a number of intervals of equal width over the range of the data.</summary>
    private double[] Breaks(Expression written, double[] x)
    {
        var given = Numbers(written);
        if (given.Length == 1)
            return given[0] >= 2 && given[0] <= 10_000
                ? EqualWidths((int)given[0], x, written)
                : throw Wrong($"{written} must be at least 2 intervals, or the breaks between them.", written);
        double[] sorted = [.. given.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length < 2)
            throw Wrong($"{written} has fewer than two breaks.", written);
        if (sorted.Distinct().Count() != sorted.Length)
            throw BreaksNotUnique(written);
        return sorted;
    }

    /// <summary>Equal breaks of constants are an error of the formula; those from the data, such as quantiles with ties, of the
    /// rows.</summary>
    private Exception BreaksNotUnique(Expression written) =>
        DependsOnRows(written)
            ? new BasisImpossibleException($"The breaks {written} are not unique: the data has too many equal values.")
            : Wrong($"The breaks {written} are not unique.", written);

    /// <summary>The outer breaks are moved outwards by a thousandth of the range, so that the extremes are inside.</summary>
    private static double[] EqualWidths(int intervals, double[] x, Expression written)
    {
        var present = x.Where(value => !double.IsNaN(value)).ToArray();
        if (present.Length == 0 || present.Any(double.IsInfinity))
            throw new BasisImpossibleException($"The range of cut(…, {written}) needs finite values.");
        var (low, high) = (present.Min(), present.Max());
        var width = high - low;
        if (width == 0)
        {
            width = Math.Abs(low);
            (low, high) = (low - width / 1000, high + width / 1000);
            return Spread(low, high, intervals);
        }
        var breaks = Spread(low, high, intervals);
        (breaks[0], breaks[^1]) = (low - width / 1000, high + width / 1000);
        return breaks;
    }

    private static double[] Spread(double from, double to, int steps)
    {
        var by = (to - from) / steps;
        return [.. Enumerable.Range(0, steps).Select(i => from + (i * by)), to];
    }
}
