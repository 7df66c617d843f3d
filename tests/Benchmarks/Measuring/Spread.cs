using System.Globalization;

namespace HpcFit.Benchmarks.Measuring;

/// <summary>Median, minimum and maximum of repeated figures.</summary>
internal readonly record struct Spread(double Median, double Minimum, double Maximum)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return new(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>Quotients of figures taken in the same round.</summary>
    public static Spread OfRatios(IReadOnlyList<double> values, IReadOnlyList<double> references) =>
        Of(values.Zip(references, (value, reference) => value / reference));

    /// <summary><c>1.23 (1.20-1.31)</c>.</summary>
    public override string ToString() => $"{Text(Median)} ({Text(Minimum)}-{Text(Maximum)})";

    private static string Text(double value) =>
        value.ToString(
            value < 10 ? "F2"
                : value < 100 ? "F1"
                : "F0",
            CultureInfo.InvariantCulture
        );
}
