namespace HpcFit.Shared.Specs;

/// <summary>
/// How maps of statistics are enhanced before their maxima are taken. All of it changes the numbers, so it is part of the run's digest; of
/// the connectivity its content is, not its path.
/// </summary>
public sealed record EnhancementSpec
{
    /// <summary>Threshold-free cluster enhancement.</summary>
    public const string Tfce = "tfce";

    /// <summary>Connectivity-based fixel enhancement.</summary>
    public const string Cfe = "cfe";

    /// <summary>Clusters above a threshold.</summary>
    public const string Cluster = "cluster";

    /// <summary>
    /// The form of <see cref="TfceLike"/> whose heights depend on the largest magnitude of both signs: neither sign is enhanced by itself.
    /// </summary>
    public const string Nilearn = "nilearn";

    /// <summary><see cref="Tfce"/>, <see cref="Cfe"/> or <see cref="Cluster"/>; also the ending of the names of result columns.</summary>
    public required string Enhance { get; init; }

    /// <summary>
    /// The program whose evaluation of the integral is used: <c>exact</c>, <c>mrtrix</c>, <c>fsl</c>, <c>palm</c> or <c>nilearn</c>; null:
    /// not <see cref="Tfce"/>.
    /// </summary>
    public string? TfceLike { get; init; }

    /// <summary>The neighbours of a voxel in the interior, 6, 18 or 26; null: <see cref="Cfe"/>, whose connectivity has them.</summary>
    public int? Neighbours { get; init; }

    /// <summary>The folder of the fixels' connectivity, absolute; null: not <see cref="Cfe"/>.</summary>
    public string? Connectivity { get; init; }

    /// <summary>
    /// The surfaces of greyordinates, absolute paths by the names of structures; null: none. Their content is part of the digest, not their
    /// paths.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Surfaces { get; init; }

    /// <summary>The statistic above which elements form clusters; null: not <see cref="Cluster"/>.</summary>
    public double? ClusterZ { get; init; }

    /// <summary>The statistic of a cluster, <c>extent</c> or <c>mass</c>; null: not <see cref="Cluster"/>.</summary>
    public string? ClusterStat { get; init; }
}
