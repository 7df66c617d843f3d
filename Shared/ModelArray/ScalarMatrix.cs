using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>
/// One scalar of a ModelArray file as stored on disk: <c>/scalars/&lt;name&gt;/values</c>, subjects × elements, or the transpose in older
/// files.
/// </summary>
public sealed record ScalarMatrix
{
    /// <summary>The scalar's name, such as <c>FDC</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The path of its values in the file.</summary>
    public string DatasetPath => $"/scalars/{Name}/values";

    /// <summary>The number of subjects (source files).</summary>
    public required long Subjects { get; init; }

    /// <summary>The number of elements.</summary>
    public required long Elements { get; init; }

    /// <summary>Whether it is stored as elements × subjects.</summary>
    public required bool IsTransposed { get; init; }

    /// <summary>The stored type.</summary>
    public required StoredType Type { get; init; }

    /// <summary>The stored values that stand for missing ones. They are returned as NaN.</summary>
    public MissingCodes Missing { get; init; } = MissingCodes.None;

    /// <summary>Layout, filters and fill value.</summary>
    public required StoredLayout Layout { get; init; }

    /// <summary>The files that contain its values, if other than the file itself.</summary>
    public StorageFiles Storage { get; init; } = StorageFiles.Own;

    /// <summary>The source file of each subject, in file order; empty if the file contains none.</summary>
    public required IReadOnlyList<string> SourceNames { get; init; }

    /// <summary>Where the names were found; null if they were not.</summary>
    public string? SourceNamesPlace { get; init; }

    /// <summary>Why this scalar cannot be used in a model, as <c>inspect</c> prints it; null if it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Extents on disk, in C order.</summary>
    public (long Rows, long Columns) DiskShape => IsTransposed ? (Elements, Subjects) : (Subjects, Elements);

    /// <summary>Subjects per chunk; all of them if not chunked.</summary>
    public long ChunkSubjects => Layout.Kind == StorageLayout.Chunked ? Layout.Chunk[IsTransposed ? 1 : 0] : Subjects;

    /// <summary>Elements per chunk; all of them if not chunked.</summary>
    public long ChunkElements => Layout.Kind == StorageLayout.Chunked ? Layout.Chunk[IsTransposed ? 0 : 1] : Elements;

    /// <summary>Bytes of all values, inflated.</summary>
    public long InflatedBytes => Subjects * Elements * Type.Size;

    /// <summary>Inflated bytes divided by stored bytes; NaN if nothing is stored.</summary>
    public double CompressionRatio => Layout.StoredBytes > 0 ? (double)InflatedBytes / Layout.StoredBytes : double.NaN;
}
