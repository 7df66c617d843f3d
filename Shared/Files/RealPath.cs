using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Files;

/// <summary>
/// A file's canonical path: absolute and without symbolic links, so that all names of a file lead to one claim and one journal.
/// </summary>
public static class RealPath
{
    /// <summary>Resolves every link in <paramref name="path"/>, folders included.</summary>
    /// <exception cref="BadInputException">The file does not exist, or a folder of its path cannot be entered.</exception>
    public static string Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Posix.RealPath(path, out var error)
            ?? throw new BadInputException($"'{path}' cannot be found: {error}. Check the path and that you may enter its folders.");
    }
}
