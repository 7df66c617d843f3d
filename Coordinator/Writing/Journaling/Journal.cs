using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Runs;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>An undo journal that is there, checked to its last byte.</summary>
internal sealed class Journal : IDisposable
{
    private const int PieceBytes = 1 << 20;
    private readonly SafeFileHandle _file;
    private readonly IReadOnlyList<(ByteRange Range, long At)> _saved;

    private Journal(string path, SafeFileHandle file, JournalHeader header, bool isCommitted, IReadOnlyList<(ByteRange, long)> saved) =>
        (Path, _file, Header, IsCommitted, _saved) = (path, file, header, isCommitted, saved);

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>What it says about itself.</summary>
    public JournalHeader Header { get; }

    /// <summary>Whether the write is whole, so that there is nothing to undo.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>Opens a journal and checks all of it.</summary>
    /// <exception cref="DamagedJournalException">It is not what its writer made; nothing may be restored from it.</exception>
    public static Journal Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return Check(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Puts the saved bytes back and cuts the file to its old length. Doing it twice is harmless.</summary>
    /// <exception cref="IOException">The disk refused; the journal is kept, so that it can be tried again.</exception>
    public void Restore(string target)
    {
        // A commit whose sync failed may have reached the disk all the same, and what is committed is never restored.
        Mark(JournalFormat.Pending);
        using var file = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var piece = new byte[PieceBytes];
        foreach (var (range, at) in _saved)
        {
            for (long done = 0; done < range.Length;)
            {
                var part = piece.AsSpan(0, (int)Math.Min(PieceBytes, range.Length - done));
                if (PositionalRead.Fill(_file, part, at + done) < part.Length) throw new DamagedJournalException(Path, "it became shorter");
                RandomAccess.Write(file, part, range.Start + done);
                done += part.Length;
            }
        }
        RandomAccess.SetLength(file, Header.Length);
        Durable.Sync(file, target);
    }

    /// <summary>Records for good that the write is whole.</summary>
    /// <exception cref="IOException">The disk did not take it. Either state may be on disk; <see cref="Restore"/> settles it first.</exception>
    public void Commit()
    {
        Mark(JournalFormat.Committed);
        IsCommitted = true;
    }

    /// <summary>Removes it, for good.</summary>
    public void Remove()
    {
        File.Delete(Path);
        Durable.SyncFolder(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Mark(byte state)
    {
        RandomAccess.Write(_file, [state], JournalFormat.StateAt);
        Durable.Sync(_file, Path);
    }

    private static Journal Check(string path, SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var start = new byte[JournalFormat.HeaderAt];
        if (PositionalRead.Fill(file, start, 0) < start.Length || !start.AsSpan().StartsWith(JournalFormat.Magic)) throw new DamagedJournalException(path, "it does not begin as a journal");
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(start.AsSpan(JournalFormat.HeaderLengthAt));
        if (headerLength is <= 0 or > JournalFormat.LongestHeader || headerLength > length) throw new DamagedJournalException(path, $"its header would be {headerLength} bytes long");
        if (!ChecksumHolds(file, length)) throw new DamagedJournalException(path, "its checksum does not match");

        var json = new byte[headerLength];
        PositionalRead.Fill(file, json, JournalFormat.HeaderAt);
        var header = ReadHeader(path, json);
        return new(path, file, header, start[JournalFormat.StateAt] == JournalFormat.Committed, ReadRanges(path, file, header, JournalFormat.HeaderAt + headerLength, length));
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
        if (header is null) throw new DamagedJournalException(path, "its header is empty");
        if (header.Format > JournalHeader.CurrentFormat)
            throw new BadInputException($"The undo journal '{path}' has format {header.Format}; this program reads up to {JournalHeader.CurrentFormat}. Recover with the version that made it.");
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
            if (start < 0 || bytes < 0 || bytes > length - at) throw new DamagedJournalException(path, $"its range {i} reaches beyond its end");
            ranges.Add((new(start, start + bytes), at));
            at += bytes;
        }
        return at == length - SHA256.HashSizeInBytes ? ranges : throw new DamagedJournalException(path, "bytes are left over");
    }

    /// <summary>SHA-256 over everything but the state's byte, and itself at the end.</summary>
    private static bool ChecksumHolds(SafeFileHandle file, long length)
    {
        var end = length - SHA256.HashSizeInBytes;
        if (end < JournalFormat.HeaderAt) return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JournalFormat.Magic);
        var piece = new byte[PieceBytes];
        for (long at = JournalFormat.StateAt + 1; at < end;)
        {
            var part = piece.AsSpan(0, (int)Math.Min(PieceBytes, end - at));
            if (PositionalRead.Fill(file, part, at) < part.Length) return false;
            hash.AppendData(part);
            at += part.Length;
        }
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        return PositionalRead.Fill(file, stored, end) == stored.Length && stored.SequenceEqual(hash.GetHashAndReset());
    }
}
