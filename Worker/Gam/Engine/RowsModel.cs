using HpcFit.Shared.Elements;
using HpcFit.Worker.Gam.Algebra;
using HpcFit.Worker.Gam.Fitting;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// The model on the rows that an element has left: everything about it that does not depend on the response. Immutable; elements with
/// the same rows share it.
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
    /// Why no element can be fitted on these rows; <see cref="ElementStatus.Fitted"/> when it can, and <see cref="Designs"/> are there.
    /// </summary>
    public ElementStatus Problem { get; init; }

    /// <summary>The model, then one for each term that a reduced model lacks, all on the same rows.</summary>
    public IReadOnlyList<GamDesign> Designs { get; init; } = [];

    /// <summary>What the model is compared with; null where there is a problem.</summary>
    public NullModel? Null { get; init; }

    /// <summary>Qᵀ1 of each of <see cref="Designs"/>: the sum of fitted values from their coordinates.</summary>
    public IReadOnlyList<double[]> SumsOfProjectors { get; init; } = [];

    /// <summary>By curve of the run, the smooth's columns at the curve's points.</summary>
    public IReadOnlyList<DenseMatrix> CurveBases { get; init; } = [];

    /// <summary>Memory it holds with one thread's workspace, roughly: for the bound of a cache.</summary>
    public long Bytes =>
        sizeof(double)
        * (
            Designs.Sum(design => design.Dimension * ((4L * Rows.Length) + (20L * design.Dimension)))
            + ((NullModel.Dimension + 4L) * Rows.Length)
            + CurveBases.Sum(basis => (long)basis.Values.Length)
        );

    /// <summary>Rows on which nothing can be fitted.</summary>
    public static RowsModel Impossible(ElementStatus why) => new() { Rows = [], Problem = why };
}
