using System.IO.Hashing;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// A block of values that a write does not change, by which the file is recognised later: in a copy of another file, or another file with
/// its inode, some blocks differ.
/// </summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Digest">Its XxHash128, hexadecimal.</param>
internal sealed record SampledBlock(long Start, int Length, string Digest)
{
    private const int Blocks = 64;
    private const int MaxBytes = 4096;

    /// <summary>Samples blocks evenly from the bytes outside the ranges.</summary>
    /// <param name="file">The file.</param>
    /// <param name="saved">Bytes that may change, ascending and disjoint.</param>
    /// <param name="length">The file's length.</param>
    public static IReadOnlyList<SampledBlock> Read(SafeFileHandle file, IReadOnlyList<ByteRange> saved, long length)
    {
        var kept = ByteRange.Outside(saved, length).Where(range => range.Length > 0).ToList();
        var total = kept.Sum(range => range.Length);
        var blocks = new List<SampledBlock>();
        for (var number = 0; number < Blocks && total > 0; number++)
        {
            var block = At(kept, (long)((Int128)total * number / Blocks));
            if (blocks is not [.., var last] || last.Start < block.Start)
                blocks.Add(new(block.Start, (int)block.Length, DigestOf(file, block)));
        }
        return blocks;
    }

    /// <summary>Whether the file has the same bytes at this position.</summary>
    public bool Holds(SafeFileHandle file) => DigestOf(file, new(Start, Start + Length)) == Digest;

    private static ByteRange At(IEnumerable<ByteRange> kept, long offset)
    {
        foreach (var range in kept)
        {
            if (offset < range.Length)
                return new(range.Start + offset, Math.Min(range.End, range.Start + offset + MaxBytes));
            offset -= range.Length;
        }
        throw new ArgumentOutOfRangeException(nameof(offset));
    }

    private static string DigestOf(SafeFileHandle file, ByteRange block)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        return Convert.ToHexStringLower(XxHash128.Hash(bytes[..PositionalRead.Fill(file, bytes[..(int)block.Length], block.Start)]));
    }
}
