using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>
/// XxHash128 of where the positions of an axis lie: texts (UTF-8, with a NUL behind) and whole numbers (int32, little-endian), so that it
/// does not matter how the file sets its numbers out. What goes in: docs/formats/data-file.md.
/// </summary>
/// <param name="path">The file, for messages.</param>
internal sealed class PositionDigest(string path)
{
    private readonly XxHash128 _hash = new();

    /// <summary>Adds a text.</summary>
    public void Add(string text) => _hash.Append(Encoding.UTF8.GetBytes(text + "\0"));

    /// <summary>Adds a number.</summary>
    public void Add(int number) => _hash.Append(MemoryMarshal.AsBytes<int>([number]));

    /// <summary>Adds a list of indices.</summary>
    /// <param name="text">The indices with blanks between.</param>
    /// <param name="limits">They are below these, which repeat: the vertices of a surface, or the extents of a volume.</param>
    /// <param name="whose">Whose they are, for messages.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="BadInputException">One is no number, or none below its limit.</exception>
    public int AddIndices(string text, ReadOnlySpan<int> limits, string whose)
    {
        var count = 0;
        var rest = text.AsSpan().TrimStart();
        for (; !rest.IsEmpty; count++)
        {
            var length = 0;
            while (length < rest.Length && !char.IsWhiteSpace(rest[length]))
                length++;
            if (
                !int.TryParse(rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                || index >= limits[count % limits.Length]
            )
                throw new BadInputException(
                    $"'{path}' is damaged: {whose} has the index '{rest[..Math.Min(length, 20)]}'; a number below "
                        + $"{limits[count % limits.Length]} was expected."
                );
            Add(index);
            rest = rest[length..].TrimStart();
        }
        return count;
    }

    /// <summary>The digest in hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());
}
