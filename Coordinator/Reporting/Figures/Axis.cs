using System.Globalization;

namespace HpcFit.Coordinator.Reporting.Figures;

/// <summary>A linear scale from values to positions, with ticks at round numbers (1, 2 or 5 times a power of ten).</summary>
internal sealed class Axis
{
    private const int WantedTicks = 5;

    private readonly double _step;

    /// <summary>An axis over a range of values, extended to whole ticks.</summary>
    /// <param name="least">The least value.</param>
    /// <param name="greatest">The greatest value.</param>
    /// <param name="from">The position of the axis' beginning.</param>
    /// <param name="to">The position of its end.</param>
    public Axis(double least, double greatest, double from, double to)
    {
        if (!(greatest > least))
        {
            var room = Math.Abs(least) > 0 ? Math.Abs(least) / 2 : 1;
            (least, greatest) = (least - room, least + room);
        }
        _step = RoundStep((greatest - least) / WantedTicks);
        Least = Math.Floor((least / _step) + 1e-9) * _step;
        Greatest = Math.Ceiling((greatest / _step) - 1e-9) * _step;
        (From, To) = (from, to);
    }

    /// <summary>The value at the beginning.</summary>
    public double Least { get; }

    /// <summary>The value at the end.</summary>
    public double Greatest { get; }

    /// <summary>The position of the beginning.</summary>
    public double From { get; }

    /// <summary>The position of the end.</summary>
    public double To { get; }

    /// <summary>The values of the ticks, with their labels.</summary>
    public IEnumerable<(double Value, string Label)> Ticks()
    {
        var count = (int)Math.Round((Greatest - Least) / _step);
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(_step) + 1e-9));
        var isPlain = Math.Max(Math.Abs(Least), Math.Abs(Greatest)) is < 1e6 and >= 1e-3;
        for (var tick = 0; tick <= count; tick++)
        {
            var value = Least + (tick * _step);
            if (Math.Abs(value) < _step / 1e6)
                value = 0;
            yield return (
                value,
                value == 0 ? "0"
                : isPlain && decimals < 7 ? value.ToString($"F{decimals}", CultureInfo.InvariantCulture)
                : value.ToString("0.##e-0", CultureInfo.InvariantCulture)
            );
        }
    }

    /// <summary>The position of a value.</summary>
    public double At(double value) => From + ((value - Least) / (Greatest - Least) * (To - From));

    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch
        {
            <= 1.0000001 => power,
            <= 2.0000001 => 2 * power,
            <= 5.0000001 => 5 * power,
            _ => 10 * power,
        };
    }
}
