using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// One scalar of a ModelArray file as it lies on disk: <c>/scalars/&lt;name&gt;/values</c>, subjects × elements, or the transpose in older
/// files.
/// </summary>
public sealed record ScalarMatrix
{
    /// <summary>The scalar's name, such as <c>FDC</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The path of its values in the file.</summary>
    public string DatasetPath => $"/scalars/{Name}/values";

    /// <summary>How many subjects (source files).</summary>
    public required long Subjects { get; init; }

    /// <summary>How many elements.</summary>
    public required long Elements { get; init; }

    /// <summary>Whether the disk holds elements × subjects.</summary>
    public required bool IsTransposed { get; init; }

    /// <summary>The stored type.</summary>
    public required StoredType Type { get; init; }

    /// <summary>The stored values that stand for missing ones. They are handed out as NaN.</summary>
    public MissingCodes Missing { get; init; } = MissingCodes.None;

    /// <summary>Layout, filters and fill value.</summary>
    public required StoredLayout Layout { get; init; }

    /// <summary>The files that hold its values, where they are others than the file itself.</summary>
    public StorageFiles Storage { get; init; } = StorageFiles.Own;

    /// <summary>The source file of each subject, in file order; empty when the file has none.</summary>
    public required IReadOnlyList<string> SourceNames { get; init; }

    /// <summary>Where the names were found; null when nowhere.</summary>
    public string? SourceNamesPlace { get; init; }

    /// <summary>Why this scalar cannot be used for a model, for <c>inspect</c> to print; null when it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Extents on disk, C order.</summary>
    public (long Rows, long Columns) DiskShape => IsTransposed ? (Elements, Subjects) : (Subjects, Elements);

    /// <summary>Subjects in a chunk; all of them without chunks.</summary>
    public long ChunkSubjects => Layout.Kind == StorageLayout.Chunked ? Layout.Chunk[IsTransposed ? 1 : 0] : Subjects;

    /// <summary>Elements in a chunk; all of them without chunks.</summary>
    public long ChunkElements => Layout.Kind == StorageLayout.Chunked ? Layout.Chunk[IsTransposed ? 0 : 1] : Elements;

    /// <summary>Bytes of all values, inflated.</summary>
    public long InflatedBytes => Subjects * Elements * Type.Size;

    /// <summary>Inflated over stored bytes; NaN when nothing is stored.</summary>
    public double CompressionRatio => Layout.StoredBytes > 0 ? (double)InflatedBytes / Layout.StoredBytes : double.NaN;
}
