namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>Environments with and without HDF5's filter plugins.</summary>
internal static class FilterPlugin
{
    /// <summary>Debian's plugin for lzf, which forgets to name the library that it needs.</summary>
    public static IReadOnlyDictionary<string, string> Lzf { get; } = new Dictionary<string, string> { ["LD_PRELOAD"] = "liblzf.so.1" };

    /// <summary>A site without plugins.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string> { ["HDF5_PLUGIN_PATH"] = "/nowhere" };
}
