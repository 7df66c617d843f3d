using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>
/// Which axis of a grid points most to the right, to the front and upwards. It agrees with nibabel's <c>aff2axcodes</c>, so that left and
/// right are those of other programs, also for oblique and sheared affines.
/// </summary>
/// <param name="GridAxes">For right, anterior and superior, the axis of the grid.</param>
/// <param name="IsReversed">For the same three, whether that axis of the grid points to the left, to the back, or downwards.</param>
/// <param name="TiltDegrees">The largest angle between an axis of the grid and the direction assigned to it.</param>
internal sealed record GridOrientation(int[] GridAxes, bool[] IsReversed, double TiltDegrees)
{
    /// <summary>The axes in their order, for grids whose position in space is unknown.</summary>
    public static readonly GridOrientation Unknown = new([0, 1, 2], [false, false, false], 0);

    /// <summary>The orientation of a grid; null if its affine is singular, so that it locates nothing.</summary>
    public static GridOrientation? TryFind(Affine affine)
    {
        var units = UnitAxes(affine);
        if (PolarRotation.TryFind(units) is not { } rotation)
            return null;
        var (gridAxes, isReversed, tilt) = (new[] { -1, -1, -1 }, new bool[3], 0.0);
        for (var axis = 0; axis < 3; axis++)
        {
            // Each axis of the grid, in order, takes the nearest direction that no earlier one has.
            var world = Enumerable.Range(0, 3).Where(one => gridAxes[one] < 0).MaxBy(one => Math.Abs(rotation[(one * 3) + axis]));
            (gridAxes[world], isReversed[world]) = (axis, rotation[(world * 3) + axis] < 0);
            tilt = Math.Max(tilt, Math.Acos(Math.Min(1, Math.Abs(units[(world * 3) + axis]))) * 180 / Math.PI);
        }
        return new(gridAxes, isReversed, tilt);
    }

    /// <summary>The axes of the grid as columns of length 1, row-major.</summary>
    public static double[] UnitAxes(Affine affine)
    {
        var units = new double[9];
        for (var cell = 0; cell < 9; cell++)
            units[cell] = affine.Rows[(cell / 3 * 4) + (cell % 3)] / (affine.EdgeOf(cell % 3) is > 0 and var edge ? edge : 1);
        return units;
    }
}
