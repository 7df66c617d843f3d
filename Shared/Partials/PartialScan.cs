using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using MessagePack;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Partials;

/// <summary>
/// What one partial file holds: its complete blocks, each verified by its checksum, and why the rest was ignored. Reading uses a fixed
/// buffer per core, whatever lengths the file declares.
/// </summary>
public sealed class PartialScan
{
    private const int BufferBytes = 64 << 10;
    private const long BytesAtATime = 32 << 20;

    private readonly string _runDigest;
    private readonly BlockShape _shape;
    private readonly List<PartialBlock> _blocks = [];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly byte[] _heads = new byte[Math.Max(PartialFrame.MaxHeadBytes, PartialFrame.MaxTailBytes)];
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private byte[] _digests = [];

    private PartialScan(string path, SafeFileHandle file, string runDigest, BlockShape shape)
    {
        (Path, _file, _runDigest, _shape) = (path, file, runDigest, shape);
        _length = RandomAccess.GetLength(file);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its complete blocks, in the order in which they were appended.</summary>
    public IReadOnlyList<PartialBlock> Blocks => _blocks;

    /// <summary>Why the file, or a part of it, was ignored; null if all of it is valid.</summary>
    public string? LeftOut { get; private set; }

    /// <summary>Reads and verifies a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="runDigest">The run whose blocks are read.</param>
    /// <param name="shape">What its blocks hold.</param>
    /// <param name="token">Stops between blocks.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PartialScan Read(string path, string runDigest, BlockShape shape, CancellationToken token)
    {
        using var file = RegularFile.OpenRead(path, "a partial file");
        var scan = new PartialScan(path, file, runDigest, shape);
        scan.Run(token);
        return scan;
    }

    private void Run(CancellationToken token)
    {
        if (!StartsOurs(out var at))
            return;
        long damaged = 0;
        while (at < _length)
        {
            token.ThrowIfCancellationRequested();
            var frames = FramesFrom(at);
            var whole = LeadingWhole(frames);
            _blocks.AddRange(frames.Take(whole).Select(frame => frame.Block));
            if (whole > 0)
                at = frames[whole - 1].End;
            if (whole > 0 && whole == frames.Count)
                continue;
            var next = FindPrefix(at + 1);
            damaged += next - at;
            at = next;
        }
        if (damaged > 0)
            LeftOut ??=
                $"'{Path}': {damaged:N0} of {_length:N0} bytes are not complete blocks (its worker was killed, is still writing, or the "
                + "file was damaged); their elements count as not done.";
    }

    /// <summary>
    /// The next frames according to their own lengths, up to the first that is invalid, and few enough that verifying them in vain costs
    /// little.
    /// </summary>
    private List<(PartialBlock Block, long End)> FramesFrom(long at)
    {
        var frames = new List<(PartialBlock, long End)>();
        for (var end = at; end < _length && end - at < BytesAtATime && TryReadFrame(end) is { } frame; end = frame.End)
            frames.Add(frame);
        return frames;
    }

    /// <summary>The number of leading frames whose checksums are right. Verified on all cores.</summary>
    private int LeadingWhole(List<(PartialBlock Block, long End)> frames)
    {
        var (taken, end, gate) = (0, frames.Count, new Lock());
        void Check()
        {
            var buffer = new byte[BufferBytes];
            while (Interlocked.Increment(ref taken) - 1 is var number && number < Volatile.Read(ref end))
            {
                if (Holds(frames[number].Block, buffer))
                    continue;
                lock (gate)
                    end = Math.Min(end, number);
            }
        }

        var others = Enumerable
            .Range(1, Math.Max(0, Math.Min(Environment.ProcessorCount, frames.Count) - 1))
            .Select(_ => Task.Run(Check))
            .ToArray();
        Check();
        Task.WhenAll(others).GetAwaiter().GetResult();
        return end;
    }

    /// <summary>
    /// Whether the file may contain blocks of this run, and where the first may begin. Blocks after a damaged header are still found.
    /// </summary>
    private bool StartsOurs(out long firstFrame)
    {
        firstFrame = 0;
        var head = ArrayPool<byte>.Shared.Rent((int)Math.Min(_length, PartialHeader.MaxBytes) + 1);
        try
        {
            var bytes = head.AsMemory(0, Fill(head.AsSpan(0, (int)Math.Min(_length, PartialHeader.MaxBytes)), 0));
            var (format, digest, length) = PartialHeader.ReadStart(bytes);
            if (format != PartialHeader.CurrentFormat)
                LeftOut =
                    $"'{Path}' has format {format}; this program reads {PartialHeader.CurrentFormat}; it was left out. Merge with the "
                    + "version that wrote it, or let its elements be fitted again.";
            else if (digest != _runDigest)
                LeftOut = $"'{Path}' belongs to run {Short(digest)}, not to {Short(_runDigest)}; it was left out.";
            firstFrame = length;
            return LeftOut is null;
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            LeftOut = $"'{Path}' has a damaged header ({damage.Message}); only blocks whose checksum names this run count.";
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    /// <summary>The frame at <paramref name="at"/> according to its own lengths, and where it ends; null if there is no complete
    /// frame.</summary>
    private (PartialBlock Block, long End)? TryReadFrame(long at)
    {
        try
        {
            var reader = ReaderAt(at, PartialFrame.MaxHeadBytes);
            if (reader.ReadArrayHeader() != PartialFrame.Fields || !ReadBin(ref reader).SequenceEqual(PartialFrame.Magic))
                return null;
            var (first, count, content) = (reader.ReadUInt64(), reader.ReadUInt64(), ReadBinHeader(ref reader));
            if (count == 0 || count > PartialFrame.MaxContentBytes || first > (ulong)_shape.Units || count > (ulong)_shape.Units - first)
                return null;
            if (content != _shape.ContentBytes((long)count))
                return null;
            return TryReadTail(new((long)first, (long)(first + count)), at + reader.Consumed, content);
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            // Expected: the caller counts the damaged bytes, and the report names the file.
            return null;
        }
    }

    private (PartialBlock Block, long End)? TryReadTail(ElementRange elements, long columnsAt, int columnBytes)
    {
        var codesHead = ReaderAt(columnsAt + columnBytes, 8);
        if (ReadBinHeader(ref codesHead) != elements.Count)
            return null;
        var codesAt = columnsAt + columnBytes + codesHead.Consumed;

        var rest = ReaderAt(codesAt + elements.Count, PartialFrame.MaxTailBytes);
        var (first, count) = (rest.ReadUInt64(), rest.ReadUInt64());
        var digests = ReadBin(ref rest);
        if (first > (ulong)_shape.TotalElements || count > (ulong)_shape.TotalElements - first || digests.Length > StripeDigest.MaxBytes)
            return null;
        var checksum = BinaryPrimitives.ReadUInt64LittleEndian(Exactly(ReadBin(ref rest), PartialFrame.ChecksumBytes));
        var read = new StripeDigest(new((long)first, (long)(first + count)), Kept(digests));
        return (new(Path, elements, columnsAt, codesAt, read, checksum), codesAt + elements.Count + rest.Consumed);
    }

    /// <summary>
    /// A reader of up to <paramref name="length"/> bytes from here. It invalidates the previous reader, which shares its buffer.
    /// </summary>
    private MessagePackReader ReaderAt(long at, int length) => new(_heads.AsMemory(0, Fill(_heads.AsSpan(0, length), at)));

    /// <summary>Raw bytes, without a copy.</summary>
    private static ReadOnlySpan<byte> ReadBin(ref MessagePackReader reader) => reader.ReadRaw(ReadBinHeader(ref reader)).FirstSpan;

    /// <summary>The length of raw bytes that begin here and may extend beyond the reader's buffer (the package has no such
    /// method).</summary>
    private static int ReadBinHeader(ref MessagePackReader reader)
    {
        var bytesOfLength = reader.NextCode switch
        {
            MessagePackCode.Bin8 => 1,
            MessagePackCode.Bin16 => 2,
            MessagePackCode.Bin32 => 4,
            var code => throw new MessagePackSerializationException($"The byte 0x{code:x2} does not begin raw bytes."),
        };
        long length = 0;
        foreach (var digit in reader.ReadRaw(1 + bytesOfLength).FirstSpan[1..])
            length = (length << 8) | digit;
        return length <= int.MaxValue
            ? (int)length
            : throw new MessagePackSerializationException($"A length of {length} exceeds this format.");
    }

    /// <summary>Whether the package's reader found other bytes than expected, too few, or a negative number.</summary>
    private static bool IsDamage(Exception thrown) =>
        thrown is MessagePackSerializationException or EndOfStreamException or OverflowException;

    /// <summary>The blocks of a stripe share one copy of its digests.</summary>
    private ReadOnlyMemory<byte> Kept(ReadOnlySpan<byte> digests)
    {
        if (!digests.SequenceEqual(_digests))
            _digests = digests.ToArray();
        return _digests;
    }

    /// <summary>Whether a frame's checksum is right.</summary>
    private bool Holds(PartialBlock block, byte[] buffer)
    {
        var count = (int)block.Elements.Count;
        var checksum = PartialFrame.StartChecksum(_runDigest, block.Elements.First, count, _shape.Columns, block.Read);
        return Append(checksum, block.ColumnsOffset, (int)_shape.ContentBytes(count), buffer)
            && Append(checksum, block.StatusOffset, count, buffer)
            && checksum.GetCurrentHashAsUInt64() == block.Checksum;
    }

    private bool Append(XxHash3 checksum, long at, int bytes, byte[] buffer)
    {
        for (var done = 0; done < bytes; )
        {
            var piece = buffer.AsSpan(0, Math.Min(bytes - done, BufferBytes));
            if (Fill(piece, at + done) < piece.Length)
                return false;
            checksum.Append(piece);
            done += piece.Length;
        }
        return true;
    }

    /// <summary>The next position where a frame may begin; the file's length if there is none.</summary>
    private long FindPrefix(long from)
    {
        for (var at = from; at < _length; at += BufferBytes - PartialFrame.Prefix.Length + 1)
        {
            var found = _buffer.AsSpan(0, Fill(_buffer, at)).IndexOf(PartialFrame.Prefix);
            if (found >= 0)
                return at + found;
        }
        return _length;
    }

    /// <summary>Reads as many bytes as there are, up to the span's length.</summary>
    private int Fill(Span<byte> bytes, long at)
    {
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(_file, bytes[done..], at + done) is var read and > 0)
            done += read;
        return done;
    }

    private static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length == length
            ? bytes
            : throw new MessagePackSerializationException($"{length} bytes were expected, {bytes.Length} were found.");

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest;
}
