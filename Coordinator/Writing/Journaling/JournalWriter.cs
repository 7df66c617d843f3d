using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>
/// Writes an undo journal under a temporary name, syncs it, then renames it, so that under its own name it is always complete.
/// </summary>
internal static class JournalWriter
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Saves ranges of a file.</summary>
    /// <param name="journal">The journal's path, which must not exist yet.</param>
    /// <param name="header">The journal's header.</param>
    /// <param name="file">The open file.</param>
    /// <param name="ranges">The ranges to save.</param>
    /// <param name="token">Cancels between pieces, leaving nothing behind.</param>
    public static void Write(
        string journal,
        JournalHeader header,
        SafeFileHandle file,
        IReadOnlyList<ByteRange> ranges,
        CancellationToken token
    )
    {
        var temporary = TemporaryFile.NameFor(journal);
        try
        {
            // Accessible to its owner only: the journal must not reveal what the file hides from others, and no one else may change what
            // will be restored.
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var output = new FileStream(temporary, options))
            {
                Write(output, header, file, ranges, token);
                output.Flush();
                Posix.Sync(output.SafeFileHandle, temporary);
            }
            File.Move(temporary, journal, overwrite: false);
            Save(journal);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Makes its name durable. Otherwise it would protect nothing; the file has not been changed yet.</summary>
    private static void Save(string journal)
    {
        try
        {
            Posix.SyncFolder(Path.GetDirectoryName(journal)!);
        }
        catch
        {
            File.Delete(journal);
            throw;
        }
    }

    private static void Write(
        Stream output,
        JournalHeader header,
        SafeFileHandle source,
        IReadOnlyList<ByteRange> ranges,
        CancellationToken token
    )
    {
        var hash = new XxHash128();
        var json = JsonSerializer.SerializeToUtf8Bytes(header, JournalJson.Default.JournalHeader);
        Span<byte> numbers = stackalloc byte[16];

        Put(JournalFormat.Magic);
        output.Write([JournalFormat.Pending, JournalFormat.Idle]);
        numbers.Clear();
        numbers[0] = (byte)header.Format;
        Put(numbers[..(JournalFormat.HeaderLengthAt - JournalFormat.FormatAt)]);
        BinaryPrimitives.WriteInt64LittleEndian(numbers, json.Length);
        Put(numbers[..8]);
        Put(json);
        var piece = new byte[PieceBytes];
        foreach (var range in ranges)
        {
            BinaryPrimitives.WriteInt64LittleEndian(numbers, range.Start);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], range.Length);
            Put(numbers);
            for (var at = range.Start; at < range.End; )
            {
                token.ThrowIfCancellationRequested();
                var part = piece.AsSpan(0, (int)Math.Min(PieceBytes, range.End - at));
                if (PositionalRead.Fill(source, part, at) < part.Length)
                    throw new EndOfStreamException(
                        $"'{header.File}' became shorter while its undo journal was created: another program is writing it. Try again when "
                            + "that has ended."
                    );
                Put(part);
                at += part.Length;
            }
        }
        output.Write(hash.GetCurrentHash());

        void Put(ReadOnlySpan<byte> bytes)
        {
            output.Write(bytes);
            hash.Append(bytes);
        }
    }
}
