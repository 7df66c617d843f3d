using System.Text.Json.Serialization;
using HpcFit.Shared.Claims;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The header of an undo journal: docs/formats/journal.md.</summary>
internal sealed record JournalHeader
{
    /// <summary>The format this program writes, and the newest it reads.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The file, for display.</summary>
    public required string File { get; init; }

    /// <summary>Its device number on the holder's machine; null: format 1.</summary>
    public ulong? Device { get; init; }

    /// <summary>Its inode, which usually differs for a file put in its place.</summary>
    public required ulong Inode { get; init; }

    /// <summary>The creation time of the inode, UTC; null if the file system does not record it, and in format 1.</summary>
    public DateTime? Born { get; init; }

    /// <summary>The user who owned it; null: format 1.</summary>
    public uint? Owner { get; init; }

    /// <summary>Its length before the write.</summary>
    public required long Length { get; init; }

    /// <summary>When it was last modified before the write, UTC.</summary>
    public required DateTime Modified { get; init; }

    /// <summary>The process that wrote.</summary>
    public required ClaimHolder Holder { get; init; }

    /// <summary>The number of ranges that follow.</summary>
    public required int Ranges { get; init; }

    /// <summary>The total size of the ranges in bytes.</summary>
    public required long SavedBytes { get; init; }

    /// <summary>Blocks outside the ranges, by which the file is recognised; null: format 1.</summary>
    public IReadOnlyList<SampledBlock>? Samples { get; init; }

    /// <summary>Creates the header of a journal.</summary>
    /// <param name="file">The file.</param>
    /// <param name="holder">The writing process.</param>
    /// <param name="saved">The ranges that the journal contains.</param>
    public static JournalHeader From(HeldFile file, ClaimHolder holder, IReadOnlyList<ByteRange> saved)
    {
        var status = file.Now();
        return new()
        {
            File = file.Path,
            Device = status.Device,
            Inode = status.Inode,
            Born = status.Born,
            Owner = status.Owner,
            Length = status.Length,
            Modified = status.Modified,
            Holder = holder,
            Ranges = saved.Count,
            SavedBytes = saved.Sum(range => range.Length),
            Samples = SampledBlock.Read(file.Descriptor, saved, status.Length),
        };
    }
}

/// <summary>The JSON context of the header.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(JournalHeader))]
internal sealed partial class JournalJson : JsonSerializerContext;
