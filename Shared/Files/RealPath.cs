using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Files;

/// <summary>
/// A file's one true path: absolute and without symbolic links, so that two names of one file meet in one claim and one journal.
/// </summary>
public static class RealPath
{
    /// <summary>Resolves every link in <paramref name="path"/>, folders included.</summary>
    /// <exception cref="BadInputException">The file is not there or a folder on the way cannot be entered.</exception>
    public static string Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Posix.RealPath(path, out var error)
            ?? throw new BadInputException($"'{path}' cannot be found: {error}. Check the path and that you may enter its folders.");
    }
}
