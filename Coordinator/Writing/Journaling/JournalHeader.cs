using System.Text.Json.Serialization;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>What an undo journal says about itself: docs/formats/journal.md.</summary>
internal sealed record JournalHeader
{
    /// <summary>The format this program writes, and the newest it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The file, for people.</summary>
    public required string File { get; init; }

    /// <summary>Its inode: a file put in its place is another.</summary>
    public required ulong Inode { get; init; }

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
}

/// <summary>The header's JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(JournalHeader))]
internal sealed partial class JournalJson : JsonSerializerContext;
