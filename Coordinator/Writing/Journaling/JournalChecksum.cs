using System.IO.Hashing;
using System.Security.Cryptography;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The checksum at a journal's end, over everything before it but the bytes that change while the journal is in use.</summary>
/// <param name="Bytes">How many bytes it takes.</param>
/// <param name="From">Where what it covers goes on behind the magic.</param>
/// <param name="Start">Begins the computation: what takes bytes, and what gives the sum.</param>
internal sealed record JournalChecksum(int Bytes, int From, Func<(Action<byte[], int> Append, Func<byte[]> Finish)> Start)
{
    private const int PieceBytes = 1 << 20;

    private static readonly JournalChecksum Sha256 = new(SHA256.HashSizeInBytes, JournalFormat.StateAt + 1, StartSha256);
    private static readonly JournalChecksum XxHash128 = new(16, JournalFormat.FormatAt, StartXxHash128);

    /// <summary>That of a format: XxHash128, or SHA-256 in the first one.</summary>
    public static JournalChecksum Compute(byte format) => format == 0 ? Sha256 : XxHash128;

    /// <summary>Whether a journal of that length holds what it was written with.</summary>
    public bool Holds(SafeFileHandle file, long length)
    {
        var end = length - Bytes;
        if (end < JournalFormat.HeaderAt)
            return false;
        var (append, finish) = Start();
        append(JournalFormat.Magic.ToArray(), JournalFormat.Magic.Length);
        var piece = new byte[PieceBytes];
        for (long at = From; at < end; )
        {
            var bytes = (int)Math.Min(PieceBytes, end - at);
            if (PositionalRead.Fill(file, piece.AsSpan(0, bytes), at) < bytes)
                return false;
            append(piece, bytes);
            at += bytes;
        }
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        return PositionalRead.Fill(file, stored[..Bytes], end) == Bytes && stored[..Bytes].SequenceEqual(finish());
    }

    private static (Action<byte[], int> Append, Func<byte[]> Finish) StartSha256()
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return (
            (bytes, count) => hash.AppendData(bytes, 0, count),
            () =>
            {
                using (hash)
                    return hash.GetHashAndReset();
            }
        );
    }

    private static (Action<byte[], int> Append, Func<byte[]> Finish) StartXxHash128()
    {
        var hash = new XxHash128();
        return ((bytes, count) => hash.Append(bytes.AsSpan(0, count)), hash.GetCurrentHash);
    }
}
