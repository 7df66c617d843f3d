using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Specs;

/// <summary>One HDF5 file and its cohort.</summary>
/// <param name="Path">The data file, absolute.</param>
/// <param name="Phenotypes">The cohort table, absolute.</param>
/// <param name="Name">A name that distinguishes several files; empty if there is only one.</param>
public sealed record DataSource(string Path, string Phenotypes, string Name = "");

/// <summary>How the cohort table is read and what is added to it.</summary>
public sealed record CohortSpec
{
    /// <summary>Make column names as R's read.csv does (<c>a b</c> becomes <c>a.b</c>).</summary>
    public bool CheckNames { get; init; } = true;

    /// <summary>
    /// Fields that mean a missing value, besides <c>NA</c>, as read.csv's <c>na.strings</c>; the empty text means empty fields.
    /// </summary>
    public IReadOnlyList<string> NaStrings { get; init; } = [];

    /// <summary>Columns computed from expressions, in order: <c>osex=ordered(sex, levels=c("F","M"))</c>.</summary>
    public IReadOnlyList<string> DerivedColumns { get; init; } = [];

    /// <summary>The columns that identify a subject in the cohorts of several data files.</summary>
    public IReadOnlyList<string> MergeOn { get; init; } = [];

    /// <summary>
    /// The column of the source names; null: <c>source_file</c>, or in a wide cohort the scalar's own column. Not part of the digest,
    /// which covers the names.
    /// </summary>
    public string? SourceColumn { get; init; }

    /// <summary>
    /// Whether the cohort may have fewer subjects than the file, whose others are then not used. Not part of the digest, which covers the
    /// subjects of the cohort.
    /// </summary>
    public bool MayOmitSubjects { get; init; }
}

/// <summary>
/// What a run computes, from which inputs and for which elements: the core of <c>run.json</c>. Where results go and how the work is
/// partitioned is not part of it.
/// </summary>
public sealed record RunSpec
{
    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The data files; several are joined by <see cref="CohortSpec.MergeOn"/>. Results go into the first.</summary>
    public required IReadOnlyList<DataSource> Data { get; init; }

    /// <summary>How the cohort tables are read.</summary>
    public CohortSpec Cohort { get; init; } = new();

    /// <summary>
    /// Inflated bytes that one stripe may take; null: the default. It determines where jobs may be divided and how often a chunk is
    /// inflated, but affects no number, so it is not part of the digest.
    /// </summary>
    public long? StripeMemory { get; init; }

    /// <summary>
    /// Bytes for the maps that a job over shuffles computes at once; null: the default. It affects no number, so it is not part of the
    /// digest.
    /// </summary>
    public long? BatchMemory { get; init; }

    /// <summary>
    /// Whether scalars may have values in files outside their data file's folder (links, virtual sources, raw files). Not part of the
    /// digest.
    /// </summary>
    public bool AllowExternal { get; init; }

    /// <summary>
    /// The elements in the order the user gave, each once; the results of a subset keep this order. Empty: all elements of the file.
    /// </summary>
    public IReadOnlyList<ElementRange> Elements { get; init; } = [];
}
