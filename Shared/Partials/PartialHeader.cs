using System.Buffers;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs.Layouts;
using MessagePack;

namespace HpcFit.Shared.Partials;

/// <summary>The first value of a partial file: which attempt wrote it, and for which run.</summary>
/// <param name="RunDigest">The run's digest.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host name of the worker.</param>
/// <param name="Columns">Names of the columns every frame carries; for a block of columns <c>name[count]</c>.</param>
/// <param name="Width">How many columns every frame carries.</param>
public sealed record PartialHeader(string RunDigest, AttemptId Attempt, string Host, IReadOnlyList<string> Columns, int Width)
{
    /// <summary>The header of frames without blocks of columns.</summary>
    public PartialHeader(string runDigest, AttemptId attempt, string host, IReadOnlyList<string> columns)
        : this(runDigest, attempt, host, columns, columns?.Count ?? 0) { }

    /// <summary>
    /// The format this program writes, and the only one it reads. 1 and 3 had other checksums, 2 no digests of what was read.
    /// </summary>
    internal const ulong CurrentFormat = 4;

    /// <summary>Maximum bytes of a header; a larger one is damage.</summary>
    internal const int MaxBytes = 1 << 20;

    private const string Signature = "hpcfit-partial";

    /// <summary>The header of an attempt at a run with this layout.</summary>
    public static PartialHeader Create(string runDigest, AttemptId attempt, string host, ResultLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new(
            runDigest,
            attempt,
            host,
            [.. layout.PartialColumns, .. layout.Blocks.Select(block => $"{block.Name}[{block.Columns}]")],
            layout.PartialWidth
        );
    }

    internal void WriteTo(IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(6);
        writer.Write(Signature);
        writer.Write(CurrentFormat);
        writer.Write(RunDigest);
        writer.Write(Attempt.ToString());
        writer.Write(Host);
        writer.WriteArrayHeader(Columns.Count);
        foreach (var column in Columns)
            writer.Write(column);
        writer.Flush();
    }

    /// <summary>Reads the start of a header: enough to distinguish another run's file and another format from damage.</summary>
    /// <exception cref="MessagePackSerializationException">The bytes are not a header.</exception>
    /// <exception cref="EndOfStreamException">The bytes end within a header.</exception>
    /// <exception cref="OverflowException">A number of the header is negative.</exception>
    internal static (ulong Format, string RunDigest, long Bytes) ReadStart(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var fields = reader.ReadArrayHeader();
        if (fields < 3 || reader.ReadString() != Signature)
            throw new MessagePackSerializationException("The file does not begin as a partial file does.");
        var format = reader.ReadUInt64();
        if (format != CurrentFormat)
            return (format, "", reader.Consumed);
        var digest = ReadText(ref reader);
        for (var text = 0; text < 2; text++)
            ReadText(ref reader);
        for (var columns = reader.ReadArrayHeader(); columns > 0; columns--)
            ReadText(ref reader);
        return (format, digest, reader.Consumed);
    }

    /// <summary>A string; the package reads MessagePack's nil as null, which no header contains.</summary>
    private static string ReadText(ref MessagePackReader reader) =>
        reader.ReadString() ?? throw new MessagePackSerializationException("A string was expected, nil was found.");
}
