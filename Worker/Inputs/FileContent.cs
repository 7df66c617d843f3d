using System.IO.Hashing;
using HpcFit.Shared.Files;

namespace HpcFit.Worker.Inputs;

/// <summary>Adds the content of a file to a digest.</summary>
internal static class FileContent
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Adds all bytes of a file.</summary>
    /// <param name="hash">The digest.</param>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the file is, for messages.</param>
    /// <exception cref="Shared.Failures.BadInputException">It cannot be opened.</exception>
    public static void AddTo(XxHash128 hash, string path, string expected)
    {
        using var file = RegularFile.OpenRead(path, expected);
        var buffer = new byte[BufferBytes];
        for (long at = 0; RandomAccess.Read(file, buffer, at) is var read and > 0; at += read)
            hash.Append(buffer.AsSpan(0, read));
    }
}
