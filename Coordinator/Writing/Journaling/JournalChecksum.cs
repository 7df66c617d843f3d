using System.IO.Hashing;
using System.Security.Cryptography;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// The checksum at the end of a journal, over everything before it except the bytes that change while the journal is in use.
/// </summary>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="From">The offset after the magic at which the covered bytes continue.</param>
/// <param name="Start">Starts the computation; returns a function that adds bytes and one that returns the checksum.</param>
internal sealed record JournalChecksum(int Bytes, int From, Func<(Action<byte[], int> Append, Func<byte[]> Finish)> Start)
{
    private const int PieceBytes = 1 << 20;

    private static readonly JournalChecksum Sha256 = new(SHA256.HashSizeInBytes, JournalFormat.StateAt + 1, StartSha256);
    private static readonly JournalChecksum XxHash128 = new(16, JournalFormat.FormatAt, StartXxHash128);

    /// <summary>The checksum of a format: XxHash128, or SHA-256 in format 1.</summary>
    public static JournalChecksum Compute(byte format) => format == 0 ? Sha256 : XxHash128;

    /// <summary>Whether the checksum of a journal of the given length matches.</summary>
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
