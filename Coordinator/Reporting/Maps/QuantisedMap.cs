namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>
/// The values of a map as 16-bit codes: 0 is no value, 1 and 65535 are -infinity and infinity, and any other code is
/// <c>Minimum + (code - 2) · Step</c>. Integers within a range of 65,532 are exact. Numbers beyond 1e300 count as infinite, so that no
/// difference overflows.
/// </summary>
internal sealed class QuantisedMap
{
    private const int FirstCode = 2;
    private const int LastCode = ushort.MaxValue - 1;
    private const double Largest = 1e300;

    private QuantisedMap(ushort[] codes, double minimum, double maximum, double step) =>
        (Codes, Minimum, Maximum, Step) = (codes, minimum, maximum, step);

    /// <summary>One code per element.</summary>
    public ushort[] Codes { get; }

    /// <summary>The smallest finite value; 0 if there is none.</summary>
    public double Minimum { get; }

    /// <summary>The largest finite value; 0 if there is none.</summary>
    public double Maximum { get; }

    /// <summary>The difference between neighbouring codes.</summary>
    public double Step { get; }

    /// <summary>The largest difference between a value and its code's value: half a step, or 0 if all are exact.</summary>
    public double Tolerance { get; private set; }

    /// <summary>The number of elements with a finite value.</summary>
    public int Finite { get; private set; }

    /// <summary>Quantises values.</summary>
    /// <param name="values">One per element; NaN: none.</param>
    public static QuantisedMap From(ReadOnlySpan<double> values)
    {
        var (minimum, maximum, isWhole) = Range(values);
        var step = isWhole ? 1 : (maximum - minimum) / (LastCode - FirstCode);
        var map = new QuantisedMap(new ushort[values.Length], minimum, maximum, step > 0 ? step : 1);
        for (var element = 0; element < values.Length; element++)
            map.Codes[element] = map.Encode(values[element]);
        // Half a step, unless rounding of the arithmetic is larger because all values are nearly the same.
        if (map.Tolerance > 0)
            map.Tolerance = Math.Max(map.Tolerance, map.Step / 2);
        return map;
    }

    private ushort Encode(double value)
    {
        if (double.IsNaN(value))
            return 0;
        if (Math.Abs(value) > Largest)
            return value < 0 ? (ushort)1 : ushort.MaxValue;
        var code = (ushort)(FirstCode + Math.Clamp(Math.Round((value - Minimum) / Step), 0, LastCode - FirstCode));
        Finite++;
        Tolerance = Math.Max(Tolerance, Math.Abs(Minimum + ((code - FirstCode) * Step) - value));
        return code;
    }

    private static (double Minimum, double Maximum, bool IsWhole) Range(ReadOnlySpan<double> values)
    {
        var (minimum, maximum, isWhole) = (double.PositiveInfinity, double.NegativeInfinity, true);
        foreach (var value in values)
        {
            if (!(Math.Abs(value) <= Largest))
                continue;
            (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
            isWhole &= value == Math.Floor(value);
        }
        return minimum > maximum ? (0, 0, true) : (minimum, maximum, isWhole && maximum - minimum <= LastCode - FirstCode);
    }
}
