using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options;

/// <summary>
/// Names for new analyses and scalars: one component of an HDF5 path that is valid for every reader of the file, a shell and a file system
/// (<c>export</c> names maps after analyses).
/// </summary>
internal static class ResultName
{
    /// <summary>A file name has at most 255 bytes; in those of maps, the result's name and the extension follow the analysis.</summary>
    private const int MaxBytes = 128;

    /// <summary>Refuses an invalid name.</summary>
    /// <param name="option">The option that gives it.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="UsageException">The name is invalid; the message gives the reason.</exception>
    public static void Refuse(string option, string name)
    {
        if (Fault(name) is { } fault)
            throw new UsageException($"{option} is '{Shown(name)}', {fault}. A name such as results_lm was expected.");
    }

    private static string? Fault(string name)
    {
        if (name.Trim().Length == 0)
            return "which is empty";
        if (name is "." or "..")
            return "which denotes a folder in HDF5 and in file names";
        if (name.Contains('/', StringComparison.Ordinal))
            return "with a '/', which separates groups in HDF5";
        if (name.Any(char.IsControl))
            return "with a line break or another control character";
        if (name.Contains('\uFFFD', StringComparison.Ordinal) || !IsUnicode(name))
            return "with bytes that are not UTF-8";
        if (name.StartsWith('-'))
            return "which starts with a dash, like an option of a command";
        if (name.Trim().Length != name.Length)
            return "with a blank at the beginning or end";
        var bytes = Encoding.UTF8.GetByteCount(name);
        return bytes > MaxBytes ? $"of {bytes} bytes; at most {MaxBytes} fit into file names of maps" : null;
    }

    private static bool IsUnicode(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsSurrogate(name[i]))
                continue;
            if (i + 1 >= name.Length || !char.IsSurrogatePair(name[i], name[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    private static string Shown(string name)
    {
        var visible = string.Concat(name.Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString()));
        return visible.Length > 60 ? $"{visible[..60]}…" : visible;
    }
}
