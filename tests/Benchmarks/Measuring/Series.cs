namespace HpcFit.Benchmarks.Measuring;

/// <summary>Figures by name, one per round.</summary>
internal sealed class Series
{
    private readonly Dictionary<string, List<double>> _seconds = [];
    private readonly Dictionary<string, List<Measured>> _runs = [];

    public Spread this[string name] => Spread.Of(_seconds[name]);

    public bool Has(string name) => _seconds.ContainsKey(name);

    public void Add(string name, double seconds) => (_seconds.TryGetValue(name, out var list) ? list : _seconds[name] = []).Add(seconds);

    public void Add(string name, Measured run)
    {
        Add(name, run.Seconds);
        (_runs.TryGetValue(name, out var list) ? list : _runs[name] = []).Add(run);
    }

    /// <summary>Quotients within rounds.</summary>
    public Spread Ratio(string name, string reference) => Spread.OfRatios(_seconds[name], _seconds[reference]);

    /// <summary>Processors kept busy.</summary>
    public Spread Busy(string name) => Spread.Of(_runs[name].Select(run => run.BusyProcessors));

    /// <summary>User and system time.</summary>
    public Spread ProcessorSeconds(string name) => Spread.Of(_runs[name].Select(run => run.ProcessorSeconds));

    /// <summary>Quotients of processor seconds within rounds.</summary>
    public Spread ProcessorRatio(string name, string reference) =>
        Spread.OfRatios([.. _runs[name].Select(run => run.ProcessorSeconds)], [.. _runs[reference].Select(run => run.ProcessorSeconds)]);

    /// <summary>The maximum memory of all runs.</summary>
    public long Peak(string name) => _runs[name].Max(run => run.PeakBytes);

    /// <summary>The names after a prefix, in the order in which they were added.</summary>
    public IEnumerable<string> Names(string prefix) =>
        _seconds.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);
}
