namespace HpcFit.Shared.Imaging.Images;

/// <summary>The transformation from cells to millimetres: <c>x = M · (i, j, k)ᵀ + t</c>.</summary>
/// <param name="Rows">Three rows of four numbers, row-major: M followed by t.</param>
internal sealed record Affine(double[] Rows)
{
    /// <summary>
    /// The tolerance between two headers' positions of the same cell, in cell edges: quaternions and affine rows of one scan differ by
    /// less.
    /// </summary>
    public const double LargestShift = 0.01;

    /// <summary>
    /// The largest distance between the two positions of the same cell, over a grid of the given shape, in units of the smaller cell edge.
    /// The largest displacement of an affine map over a box is at one of its corners.
    /// </summary>
    public double LargestDisplacement(Affine other, IReadOnlyList<int> shape)
    {
        var worst = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            double squared = 0;
            for (var row = 0; row < 3; row++)
            {
                var difference = Rows[(row * 4) + 3] - other.Rows[(row * 4) + 3];
                for (var axis = 0; axis < 3; axis++)
                {
                    var cell = (corner >> axis & 1) == 0 || axis >= shape.Count ? 0 : shape[axis] - 1;
                    difference += (Rows[(row * 4) + axis] - other.Rows[(row * 4) + axis]) * cell;
                }
                squared += difference * difference;
            }
            worst = Math.Max(worst, Math.Sqrt(squared));
        }
        return worst / SmallestEdge();
    }

    /// <summary>The rows, for messages.</summary>
    public override string ToString() =>
        $"[{string.Join("; ", Rows.Chunk(4).Select(row => string.Join(" ", row.Select(value => $"{value:G6}"))))}]";

    /// <summary>The length of a cell's edge along an axis, in millimetres.</summary>
    public double EdgeOf(int axis) =>
        Math.Sqrt((Rows[axis] * Rows[axis]) + (Rows[4 + axis] * Rows[4 + axis]) + (Rows[8 + axis] * Rows[8 + axis]));

    private double SmallestEdge()
    {
        var smallest = double.PositiveInfinity;
        for (var axis = 0; axis < 3; axis++)
        {
            if (EdgeOf(axis) is > 0 and var edge)
                smallest = Math.Min(smallest, edge);
        }
        return double.IsFinite(smallest) ? smallest : 1;
    }
}
