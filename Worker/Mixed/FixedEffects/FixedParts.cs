using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>The predictions of fixed effects and offset at the rows of a fit.</summary>
internal static class FixedParts
{
    /// <summary>One value per row.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="coordinates">The coordinates of the fixed effects on Q.</param>
    public static double[] Compute(IBasisRows rows, ReadOnlySpan<double> coordinates)
    {
        var parts = new double[rows.Rows];
        for (var row = 0; row < parts.Length; row++)
            parts[row] = (FixedOrder.Dot(rows.Basis.AsSpan(row * rows.Rank, rows.Rank), coordinates) / rows.Root[row]) + rows.Offset[row];
        return parts;
    }
}
