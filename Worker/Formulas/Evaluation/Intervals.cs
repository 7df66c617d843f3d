using System.Globalization;

namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Consecutive intervals between breaks, each closed at one end.</summary>
/// <param name="breaks">At least two, ascending, all different; may be infinite.</param>
/// <param name="isRightClosed">Whether intervals include their upper break, otherwise their lower one.</param>
/// <param name="includesOutermost">Whether the outermost break at the open ends belongs to its interval too.</param>
internal sealed class Intervals(double[] breaks, bool isRightClosed, bool includesOutermost)
{
    private const int MaxDigits = 12;

    /// <summary>The number of intervals.</summary>
    public int Count => breaks.Length - 1;

    /// <summary>The interval that contains a value; -1 if none does or the value is missing.</summary>
    public int CodeOf(double value)
    {
        if (double.IsNaN(value) || value < breaks[0] || value > breaks[^1])
            return -1;
        var at = Array.BinarySearch(breaks, value);
        if (at < 0)
            return ~at - 1;
        if (isRightClosed)
            return at > 0 ? at - 1
                : includesOutermost ? 0
                : -1;
        return at < Count ? at
            : includesOutermost ? Count - 1
            : -1;
    }

    /// <summary>R's names: <c>(8,10]</c>, with as few digits, at least <paramref name="digits"/>, as make the breaks
    /// different; <c>Range_1</c>, … if that takes more than 12.</summary>
    public List<string> Labels(int digits)
    {
        for (var used = digits; used <= Math.Max(MaxDigits, digits); used++)
        {
            var texts = Texts(used);
            if (texts.Zip(texts.Skip(1)).All(pair => pair.First != pair.Second))
                return [.. Enumerable.Range(0, Count).Select(i => Label(texts, i))];
        }
        return [.. Enumerable.Range(1, Count).Select(i => $"Range_{i.ToString(CultureInfo.InvariantCulture)}")];
    }

    private string Label(List<string> texts, int i)
    {
        var isLowClosed = isRightClosed ? includesOutermost && i == 0 : true;
        var isHighClosed = isRightClosed || (includesOutermost && i == Count - 1);
        return $"{(isLowClosed ? '[' : '(')}{texts[i]},{texts[i + 1]}{(isHighClosed ? ']' : ')')}";
    }

    private List<string> Texts(int digits)
    {
        // R pads infinite breaks to a common width.
        var positive = double.IsNegativeInfinity(breaks[0]) ? " Inf" : "Inf";
        return
        [
            .. breaks.Select(value =>
                double.IsNegativeInfinity(value) ? "-Inf"
                : double.IsPositiveInfinity(value) ? positive
                : SignificantDigits.Format(value, digits)
            ),
        ];
    }
}
