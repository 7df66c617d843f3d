using System.Text.Json.Serialization;
using HpcFit.Shared.Claims;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>What an undo journal says about itself: docs/formats/journal.md.</summary>
internal sealed record JournalHeader
{
    /// <summary>The format this program writes, and the newest it reads.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The file, for people.</summary>
    public required string File { get; init; }

    /// <summary>Its device, as the holder's machine numbers it; null: format 1.</summary>
    public ulong? Device { get; init; }

    /// <summary>Its inode: a file put in its place is usually another.</summary>
    public required ulong Inode { get; init; }

    /// <summary>When the inode was made, UTC; null where the file system does not record it, and in format 1.</summary>
    public DateTime? Born { get; init; }

    /// <summary>The user who owned it; null: format 1.</summary>
    public uint? Owner { get; init; }

    /// <summary>Its length before the write.</summary>
    public required long Length { get; init; }

    /// <summary>When it was last modified before the write, UTC.</summary>
    public required DateTime Modified { get; init; }

    /// <summary>Who wrote.</summary>
    public required ClaimHolder Holder { get; init; }

    /// <summary>How many ranges follow.</summary>
    public required int Ranges { get; init; }

    /// <summary>How many bytes they hold.</summary>
    public required long SavedBytes { get; init; }

    /// <summary>Blocks outside the ranges, by which the file is recognised; null: format 1.</summary>
    public IReadOnlyList<SampledBlock>? Samples { get; init; }

    /// <summary>The header of a journal.</summary>
    /// <param name="file">The file.</param>
    /// <param name="holder">Who writes.</param>
    /// <param name="saved">The bytes that the journal holds.</param>
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

/// <summary>The header's JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(JournalHeader))]
internal sealed partial class JournalJson : JsonSerializerContext;
