namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>The optional libdeflate, for reports.</summary>
public static class LibdeflateLibrary
{
    /// <summary>Whether it is installed, so that chunks are inflated and deflated by it.</summary>
    public static bool IsAvailable => LibdeflateInflater.IsAvailable;
}
