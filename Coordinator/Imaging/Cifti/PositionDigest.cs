using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Cifti;

/// <summary>
/// XxHash128 of the positions of an axis: texts (UTF-8, terminated by a NUL) and integers (int32, little-endian), so that the
/// formatting of numbers in the file does not matter. The input is defined in docs/formats/data-file.md.
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
    /// <param name="text">The indices, separated by blanks.</param>
    /// <param name="limits">Exclusive upper limits, used cyclically: the size of a surface, or the extents of a volume.</param>
    /// <param name="whose">The object that has the indices, for messages.</param>
    /// <param name="indices">Receives the indices; null: they are only digested.</param>
    /// <returns>The number of indices.</returns>
    /// <exception cref="BadInputException">An index is not a number below its limit.</exception>
    public int AddIndices(string text, ReadOnlySpan<int> limits, string whose, List<int>? indices = null)
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
            indices?.Add(index);
            rest = rest[length..].TrimStart();
        }
        return count;
    }

    /// <summary>The digest in hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());
}
