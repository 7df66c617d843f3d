namespace HpcFit.Coordinator.Reporting.Surfaces;

/// <summary>A viewer far away on the left or right of the head who looks at it from the side, with the top of the head upwards.</summary>
/// <param name="IsOnRight">Whether the viewer is on the right.</param>
internal readonly record struct SurfaceCamera(bool IsOnRight)
{
    /// <summary>What a millimetre to the front is in the picture, to the right: who is on the right sees the front there.</summary>
    public double AcrossPerFront => IsOnRight ? 1 : -1;

    /// <summary>How close a point is to the viewer, in millimetres from the middle of the head.</summary>
    /// <param name="x">Its coordinate to the right.</param>
    public double Towards(double x) => IsOnRight ? x : -x;

    /// <summary>The letters at the left and right of the picture.</summary>
    public (string Left, string Right) Letters => IsOnRight ? ("P", "A") : ("A", "P");
}
