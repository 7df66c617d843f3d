using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using MessagePack;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Partials;

/// <summary>
/// Appends an attempt's finished blocks to its partial file. Any thread may append; blocks never interleave. Appended blocks are on disk at
/// most 15 s later, and all of them after <see cref="Complete"/>.
/// </summary>
public sealed class PartialWriter : IDisposable
{
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly PartialHeader _header;
    private readonly Writeback _writeback;
    private readonly ArrayBufferWriter<byte> _heads = new(256);
    private readonly byte[] _checksum = new byte[PartialFrame.ChecksumBytes];
    private long _length;
    private long _synced = Environment.TickCount64;
    private bool _isNameDurable;
    private bool _isComplete;

    private PartialWriter(string path, SafeFileHandle file, PartialHeader header) =>
        (_path, _file, _header, _writeback) = (path, file, header, new(file));

    /// <summary>Creates the file, which must not exist.</summary>
    /// <exception cref="IOException">It exists, or the folder cannot be written.</exception>
    public static PartialWriter Create(string path, PartialHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var writer = new PartialWriter(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite), header);
        header.WriteTo(writer._heads);
        writer.WriteHeads();
        return writer;
    }

    /// <summary>Appends a block.</summary>
    /// <param name="firstElement">Its first element.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="columns">Column-major: column c of element e at <c>c * count + e</c>.</param>
    /// <param name="status">One code per element.</param>
    /// <param name="read">Digests of the stored bytes that were fitted.</param>
    /// <exception cref="IOException">The disk is full or broken; the attempt has failed.</exception>
    public void Append(
        long firstElement,
        int count,
        ReadOnlySpan<double> columns,
        ReadOnlySpan<ElementStatus> status,
        StripeDigest read = default
    )
    {
        if (columns.Length != (long)count * _header.Width || status.Length != count)
            throw new ArgumentException(
                $"{count} elements have {columns.Length} values and {status.Length} codes; {_header.Width} columns were declared."
            );
        if (read.Scalars.Length > StripeDigest.MaxBytes)
            throw new ArgumentException(
                $"Digests of {read.Scalars.Length} bytes were given, {StripeDigest.MaxBytes} at most were expected."
            );
        var perFrame = Math.Max(1, PartialFrame.MaxContentBytes / ((sizeof(double) * _header.Width) + 1));
        for (var start = 0; start < count; start += perFrame)
            AppendFrame(firstElement, count, start, Math.Min(perFrame, count - start), columns, status, read);
    }

    /// <summary>Makes everything durable and closes the file.</summary>
    /// <exception cref="IOException">Data may be lost: the attempt has failed, whatever it appended.</exception>
    public void Complete()
    {
        lock (_lock)
        {
            Sync();
            _isComplete = true;
            Posix.Close(_file, _path);
        }
    }

    /// <summary>Closes the file, without a sync, unless <see cref="Complete"/> has closed it.</summary>
    public void Dispose()
    {
        if (!_isComplete)
            _file.Dispose();
    }

    private void AppendFrame(
        long firstElement,
        int blockCount,
        int start,
        int count,
        ReadOnlySpan<double> columns,
        ReadOnlySpan<ElementStatus> status,
        StripeDigest read
    )
    {
        var codes = MemoryMarshal.AsBytes(status.Slice(start, count));
        // The columns of a whole block are contiguous: they are hashed and written at once.
        var (parts, length) = count == blockCount ? (1, count * _header.Width) : (_header.Width, count);
        // Before the lock, so that other threads can write meanwhile.
        var checksum = PartialFrame.StartChecksum(_header.RunDigest, firstElement + start, count, _header.Width, read);
        for (var part = 0; part < parts; part++)
            checksum.Append(Part(columns, part));
        checksum.Append(codes);
        lock (_lock)
        {
            var writer = new MessagePackWriter(_heads);
            writer.WriteArrayHeader(PartialFrame.Fields);
            writer.Write(PartialFrame.Magic);
            writer.Write((ulong)(firstElement + start));
            writer.Write((ulong)count);
            writer.WriteBinHeader(count * _header.Width * sizeof(double));
            writer.Flush();
            WriteHeads();
            for (var part = 0; part < parts; part++)
                Write(Part(columns, part));
            writer = new(_heads);
            writer.Write(codes);
            writer.Write((ulong)read.Elements.First);
            writer.Write((ulong)read.Elements.Count);
            writer.Write(read.Scalars.Span);
            BinaryPrimitives.WriteUInt64LittleEndian(_checksum, checksum.GetCurrentHashAsUInt64());
            writer.Write(_checksum);
            writer.Flush();
            WriteHeads();
            _writeback.Add(length * (long)parts * sizeof(double));
            if (Environment.TickCount64 - _synced > SyncEvery.TotalMilliseconds)
                Sync();
        }

        ReadOnlySpan<byte> Part(ReadOnlySpan<double> values, int part) =>
            MemoryMarshal.AsBytes(values.Slice((part * blockCount) + start, length));
    }

    private void Sync()
    {
        Posix.SyncData(_file, _path);
        if (!_isNameDurable)
            Posix.SyncFolder(Path.GetDirectoryName(_path)!);
        _isNameDurable = true;
        _synced = Environment.TickCount64;
    }

    private void WriteHeads()
    {
        Write(_heads.WrittenSpan);
        _heads.ResetWrittenCount();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _length);
        _length += bytes.Length;
    }
}
