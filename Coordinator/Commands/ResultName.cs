using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// Names for new analyses and scalars: one step of an HDF5 path, that every reader of the file, a shell and a file system (<c>export</c>
/// names maps after analyses) can take.
/// </summary>
internal static class ResultName
{
    /// <summary>A file's name has 255 bytes; the result's name and the ending follow the analysis in it.</summary>
    private const int MaxBytes = 128;

    /// <summary>Refuses what cannot be such a name.</summary>
    /// <param name="option">The option that gives it.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="UsageException">It cannot be one; the message says why.</exception>
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
            return "which stands for a folder in HDF5 and in file names";
        if (name.Contains('/', StringComparison.Ordinal))
            return "with a '/', which separates groups in HDF5";
        if (name.Any(char.IsControl))
            return "with a line break or another control character";
        if (name.Contains('\uFFFD', StringComparison.Ordinal) || !IsUnicode(name))
            return "with bytes that are not UTF-8";
        if (name.StartsWith('-'))
            return "with a dash in front, which commands take for an option";
        if (name.Trim().Length != name.Length)
            return "with a blank at its beginning or end";
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
