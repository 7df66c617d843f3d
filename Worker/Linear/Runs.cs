namespace HpcFit.Worker.Linear;

/// <summary>Runs of equal values: consecutive elements mostly share their degrees of freedom.</summary>
internal static class Runs
{
    /// <summary>The end of the run that begins at <paramref name="from"/>; every NaN is a run.</summary>
    public static int End(ReadOnlySpan<double> values, int from)
    {
        var to = from + 1;
        while (to < values.Length && values[to] == values[from])
            to++;
        return to;
    }
}
