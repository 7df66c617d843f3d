using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Generalized;

/// <summary>The rows of every element where no subject is missing, with their basis. Immutable and shared by threads.</summary>
/// <param name="tables">The tables of these rows.</param>
/// <param name="canRemoveRows">
/// Whether an element with missing subjects can be fitted on the other rows of the basis: not where the columns depend on which rows are
/// observed.
/// </param>
internal sealed class SharedRows(ObservedRows tables, bool canRemoveRows) : ITileRows
{
    /// <summary>The tables.</summary>
    public ObservedRows Tables => tables;

    /// <summary>Whether missing subjects can be removed from the basis.</summary>
    public bool CanRemoveRows => canRemoveRows;

    /// <inheritdoc/>
    public int[] Rows { get; } = tables.Subject[..tables.Rows];

    /// <summary>None: the kernel weights the responses itself.</summary>
    public double[]? RootWeights => null;

    /// <summary>None: the kernel adds the offset to predictors.</summary>
    public double[]? Offset => null;

    /// <inheritdoc/>
    public double[]? LogWeights => null;
}
