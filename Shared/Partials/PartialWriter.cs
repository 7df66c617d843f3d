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
    /// <param name="block">The block, which is only read, and not used after the call.</param>
    /// <param name="read">Digests of the stored bytes that were fitted.</param>
    /// <exception cref="IOException">The disk is full or broken; the attempt has failed.</exception>
    public void Append(ResultBlock block, StripeDigest read = default)
    {
        if (block.Width != _header.Width)
            throw new ArgumentException($"A block has {block.Width} columns; {_header.Width} columns were declared.");
        if (read.Scalars.Length > StripeDigest.MaxBytes)
            throw new ArgumentException(
                $"Digests of {read.Scalars.Length} bytes were given, {StripeDigest.MaxBytes} at most were expected."
            );
        var perFrame = Math.Max(1, (PartialFrame.MaxContentBytes - block.Bytes.Length) / ((sizeof(double) * _header.Width) + 1));
        // Every frame of a divided block carries the extremes of all of it, which merge in any order.
        for (var (rest, end) = (block.Elements.First, block.Elements.End); rest < end; rest += perFrame)
            AppendFrame(block.Slice(new(rest, Math.Min(end, rest + perFrame))), block.Bytes.Span, read);
    }

    /// <summary>Appends a block that is not divided, as one frame.</summary>
    /// <param name="block">The block, which is only read, and not used after the call.</param>
    /// <param name="bytes">What it carries after its columns: the bytes per block of its layout.</param>
    /// <param name="read">Digests of the stored bytes that were fitted.</param>
    /// <exception cref="IOException">The disk is full or broken; the attempt has failed.</exception>
    public void AppendWhole(ResultBlock block, ReadOnlySpan<byte> bytes, StripeDigest read) => AppendFrame(block, bytes, read);

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

    private void AppendFrame(ResultBlock block, ReadOnlySpan<byte> bytes, StripeDigest read)
    {
        var (first, count) = (block.Elements.First, block.Count);
        var codes = MemoryMarshal.AsBytes(block.Status);
        // Contiguous columns are hashed and written at once.
        var parts = block.IsContiguous ? 1 : block.Width;
        // Before the lock, so that other threads can write meanwhile.
        var checksum = PartialFrame.StartChecksum(_header.RunDigest, first, count, _header.Width, read);
        for (var part = 0; part < parts; part++)
            checksum.Append(Part(part));
        checksum.Append(bytes);
        checksum.Append(codes);
        lock (_lock)
        {
            var writer = new MessagePackWriter(_heads);
            writer.WriteArrayHeader(PartialFrame.Fields);
            writer.Write(PartialFrame.Magic);
            writer.Write((ulong)first);
            writer.Write((ulong)count);
            writer.WriteBinHeader((count * block.Width * sizeof(double)) + bytes.Length);
            writer.Flush();
            WriteHeads();
            for (var part = 0; part < parts; part++)
                Write(Part(part));
            Write(bytes);
            writer = new(_heads);
            writer.Write(codes);
            writer.Write((ulong)read.Elements.First);
            writer.Write((ulong)read.Elements.Count);
            writer.Write(read.Scalars.Span);
            BinaryPrimitives.WriteUInt64LittleEndian(_checksum, checksum.GetCurrentHashAsUInt64());
            writer.Write(_checksum);
            writer.Flush();
            WriteHeads();
            _writeback.Add(((long)count * block.Width * sizeof(double)) + bytes.Length);
            if (Environment.TickCount64 - _synced > SyncEvery.TotalMilliseconds)
                Sync();
        }

        ReadOnlySpan<byte> Part(int part) => MemoryMarshal.AsBytes(block.IsContiguous ? block.Columns() : block.Column(part));
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
