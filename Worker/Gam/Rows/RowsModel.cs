using HpcFit.Shared.Elements;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Gam.Rows;

/// <summary>
/// The model of one set of observed rows: everything that does not depend on the response. Immutable; shared by elements with the same
/// rows.
/// </summary>
internal sealed class RowsModel : ITileRows
{
    /// <inheritdoc/>
    public required int[] Rows { get; init; }

    /// <inheritdoc/>
    public double[]? RootWeights { get; init; }

    /// <inheritdoc/>
    public double[]? Offset { get; init; }

    /// <inheritdoc/>
    public double[]? LogWeights { get; init; }

    /// <summary>
    /// Why no element can be fitted with these rows; <see cref="ElementStatus.Fitted"/> if they can, and <see cref="Designs"/> is set.
    /// </summary>
    public ElementStatus Problem { get; init; }

    /// <summary>The model's design, then one per reduced model, all for the same rows.</summary>
    public IReadOnlyList<GamDesign> Designs { get; init; } = [];

    /// <summary>What families other than the normal one need; null: normal.</summary>
    public GeneralizedRows? Generalized { get; init; }

    /// <summary>The null model; null if there is a problem.</summary>
    public NullModel? Null { get; init; }

    /// <summary>Qᵀ1 of each of <see cref="Designs"/>: the sum of fitted values from their coordinates.</summary>
    public IReadOnlyList<double[]> SumsOfProjectors { get; init; } = [];

    /// <summary>Per curve of the run, the smooth's columns at the curve's points.</summary>
    public IReadOnlyList<DenseMatrix> CurveBases { get; init; } = [];

    /// <summary>Approximate memory in bytes, including one thread's workspace, for the limit of a cache.</summary>
    public long Bytes =>
        sizeof(double)
        * (
            Designs.Sum(design => (design.Dimension * ((4L * Rows.Length) + (20L * design.Dimension))) + BytesOfAbsorbed(design))
            + ((NullModel.Dimension + 4L) * Rows.Length)
            + CurveBases.Sum(basis => (long)basis.Values.Length)
        );

    private static long BytesOfAbsorbed(GamDesign design) =>
        design.Blocks is { } blocks
            ? (design.Rows * (2L + (2L * blocks.Effects)))
                + (blocks.Directions * ((2L * design.Dimension) + (6L * blocks.Effects)))
                + (blocks.Triangles.Count * blocks.Effects * (blocks.Effects + 1L) / 2 * design.Dimension * design.Dimension)
        : design.Absorbed is not { } effect ? 0
        : (5L * design.Rows)
            + (effect.Groups * ((2L * design.Dimension) + 7L))
            + (5L * effect.Classes * design.Dimension * design.Dimension);

    /// <summary>A set of rows with which nothing can be fitted.</summary>
    public static RowsModel Impossible(ElementStatus why) => new() { Rows = [], Problem = why };
}
