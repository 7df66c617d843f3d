namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>The connections of a fixel, in the order of the other fixels; valid while their matrix is open.</summary>
/// <param name="fixels">The first of the other fixels.</param>
/// <param name="values">The first of their values.</param>
/// <param name="count">How many there are.</param>
internal readonly unsafe struct ConnectivityRow(uint* fixels, float* values, int count)
{
    /// <summary>The other fixels, and usually the fixel itself; ascending.</summary>
    public uint* Fixels { get; } = fixels;

    /// <summary>The fraction of the fixel's streamlines that pass through each of them.</summary>
    public float* Values { get; } = values;

    /// <summary>How many there are.</summary>
    public int Count { get; } = count;
}
