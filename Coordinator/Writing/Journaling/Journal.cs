using System.Buffers.Binary;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>An existing undo journal, completely checked.</summary>
internal sealed class Journal : IDisposable
{
    private const int PieceBytes = 1 << 20;
    private readonly SafeFileHandle _file;
    private readonly IReadOnlyList<(ByteRange Range, long At)> _saved;

    private Journal(string path, SafeFileHandle file, JournalHeader header, bool isCommitted, IReadOnlyList<(ByteRange, long)> saved) =>
        (Path, _file, Header, IsCommitted, _saved) = (path, file, header, isCommitted, saved);

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Its header.</summary>
    public JournalHeader Header { get; }

    /// <summary>Whether the write is complete, so that there is nothing to undo.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>
    /// Whether it was left during an operation on the data file, which may have set the file's time later than the journal's.
    /// </summary>
    public bool IsBusy
    {
        get
        {
            Span<byte> activity = stackalloc byte[1];
            return PositionalRead.Fill(_file, activity, JournalFormat.ActivityAt) == 1 && activity[0] != JournalFormat.Idle;
        }
    }

    /// <summary>Opens and checks a journal.</summary>
    /// <param name="path">Its path; links are not followed, and special files are not opened.</param>
    /// <exception cref="DamagedJournalException">Its content is invalid; nothing may be restored from it.</exception>
    public static Journal Open(string path)
    {
        RequireFile(path, Posix.StatusOfItself(path));
        var file = Posix.OpenItself(path);
        try
        {
            RequireFile(path, Posix.Status((int)file.DangerousGetHandle(), path));
            return Check(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the saved bytes back and truncates the file to its old length. Repeating this is harmless.</summary>
    /// <param name="target">The file's descriptor, so that another file with its name is not touched.</param>
    /// <exception cref="IOException">A disk error; the journal is kept, so that the restoration can be repeated.</exception>
    public void Restore(HeldFile target)
    {
        // A commit whose sync failed may nevertheless have reached the disk, and a committed write is never restored.
        Mark(JournalFormat.Pending);
        var (file, activity, piece) = (target.Descriptor, new JournalActivity(_file), new byte[PieceBytes]);
        foreach (var (range, at) in _saved)
        {
            for (long done = 0; done < range.Length; )
            {
                var part = piece.AsSpan(0, (int)Math.Min(PieceBytes, range.Length - done));
                if (PositionalRead.Fill(_file, part, at + done) < part.Length)
                    throw new DamagedJournalException(Path, "it became shorter");
                activity.Begin();
                RandomAccess.Write(file, part, range.Start + done);
                done += part.Length;
            }
        }
        activity.Around(() => RandomAccess.SetLength(file, Header.Length));
        Posix.Sync(file, target.Path);
    }

    /// <summary>The ranges in the journal, in the file's order.</summary>
    public IReadOnlyList<ByteRange> Ranges => [.. _saved.Select(saved => saved.Range)];

    /// <summary>Durably records that the write is complete.</summary>
    /// <exception cref="IOException">A disk error. Either state may be on disk; <see cref="Restore"/> first makes it
    /// pending.</exception>
    public void Commit()
    {
        Mark(JournalFormat.Committed);
        IsCommitted = true;
    }

    /// <summary>Durably removes the journal.</summary>
    public void Remove()
    {
        File.Delete(Path);
        Posix.SyncFolder(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Mark(byte state)
    {
        RandomAccess.Write(_file, [state], JournalFormat.StateAt);
        Posix.Sync(_file, Path);
    }

    private static void RequireFile(string path, FileStatus status)
    {
        if (!status.IsRegular)
            throw new DamagedJournalException(path, $"it is {status.KindText}");
    }

    private static Journal Check(string path, SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var start = new byte[JournalFormat.HeaderAt];
        if (PositionalRead.Fill(file, start, 0) < start.Length || !start.AsSpan().StartsWith(JournalFormat.Magic))
            throw new DamagedJournalException(path, "it does not start like a journal");
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(start.AsSpan(JournalFormat.HeaderLengthAt));
        if (headerLength is <= 0 or > JournalFormat.LongestHeader || headerLength > length)
            throw new DamagedJournalException(path, $"its header would be {headerLength} bytes long");
        var checksum = JournalChecksum.Compute(start[JournalFormat.FormatAt]);
        if (!checksum.Holds(file, length))
            throw new DamagedJournalException(path, "its checksum does not match");

        var json = new byte[headerLength];
        PositionalRead.Fill(file, json, JournalFormat.HeaderAt);
        var header = ReadHeader(path, json);
        return new(
            path,
            file,
            header,
            start[JournalFormat.StateAt] == JournalFormat.Committed,
            ReadRanges(path, file, header, JournalFormat.HeaderAt + headerLength, length - checksum.Bytes)
        );
    }

    private static JournalHeader ReadHeader(string path, byte[] json)
    {
        JournalHeader? header;
        try
        {
            header = JsonSerializer.Deserialize(json, JournalJson.Default.JournalHeader);
        }
        catch (JsonException failure)
        {
            throw new DamagedJournalException(path, $"its header cannot be read ({failure.Message})", failure);
        }
        if (header is null)
            throw new DamagedJournalException(path, "its header is empty");
        if (header.Format > JournalHeader.CurrentFormat)
            throw new BadInputException(
                $"The undo journal '{path}' has format {header.Format}; this program reads up to {JournalHeader.CurrentFormat}. "
                    + "Recover with the version that made it."
            );
        return header;
    }

    private static List<(ByteRange, long)> ReadRanges(string path, SafeFileHandle file, JournalHeader header, long at, long length)
    {
        var ranges = new List<(ByteRange, long)>();
        Span<byte> numbers = stackalloc byte[16];
        for (var i = 0; i < header.Ranges; i++)
        {
            PositionalRead.Fill(file, numbers, at);
            var (start, bytes) = (BinaryPrimitives.ReadInt64LittleEndian(numbers), BinaryPrimitives.ReadInt64LittleEndian(numbers[8..]));
            at += numbers.Length;
            if (start < 0 || bytes < 0 || bytes > length - at)
                throw new DamagedJournalException(path, $"its range {i} reaches beyond its end");
            ranges.Add((new(start, start + bytes), at));
            at += bytes;
        }
        return at == length ? ranges : throw new DamagedJournalException(path, "it has extra bytes at the end");
    }
}

/// <summary>An undo journal whose content is invalid. Nothing is restored from it.</summary>
/// <param name="journal">Its path.</param>
/// <param name="problem">The problem.</param>
/// <param name="inner">The underlying failure.</param>
internal sealed class DamagedJournalException(string journal, string problem, Exception? inner = null)
    : HpcFitException(
        $"The undo journal '{journal}' is damaged: {problem}. Nothing was restored, and the data file may be partly written. "
            + "Replace the file with a backup and remove the journal; if the file opens and contains all its datasets, removing "
            + "the journal is enough.",
        inner
    )
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.BadInput;
}
