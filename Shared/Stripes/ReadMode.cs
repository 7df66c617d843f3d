namespace HpcFit.Shared.Stripes;

/// <summary>How a scalar's values are read.</summary>
public enum ReadMode
{
    /// <summary>Raw bytes by positional reads, filters on our threads; the HDF5 library is closed and no lock is taken.</summary>
    Positional,

    /// <summary>Raw chunks through the library under its lock (no chunk index in reasonable time), filters on our threads.</summary>
    RawChunks,

    /// <summary>Everything through the library: filters, types or layouts that only it supports.</summary>
    Library,
}
