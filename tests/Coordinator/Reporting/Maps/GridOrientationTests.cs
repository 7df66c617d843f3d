using HpcFit.Coordinator.Reporting.Maps.Geometry;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Tests.Reporting.Maps;

public sealed class GridOrientationTests
{
    [Fact]
    public void Directions_are_those_of_nibabel()
    {
        var cases = MapStudy.Run("orient.py", "400").EnumerateArray().ToList();
        foreach (var one in cases)
        {
            var affine = new Affine([.. one.GetProperty("affine").EnumerateArray().Select(number => number.GetDouble())]);
            Codes(GridOrientation.TryFind(affine).ShouldNotBeNull()).ShouldBe(one.GetProperty("codes").GetString(), $"{affine}");
        }
        cases.Select(one => one.GetProperty("codes").GetString()).Distinct().Count().ShouldBeGreaterThan(40);
    }

    [Fact]
    public void The_tilt_is_the_largest_angle()
    {
        var (cos, sin) = (Math.Cos(Math.PI / 9), Math.Sin(Math.PI / 9));

        GridOrientation.TryFind(new([-2, 0, 0, 7, 0, 3, 0, 8, 0, 0, 1, 9]))!.TiltDegrees.ShouldBe(0, 1e-6);
        GridOrientation.TryFind(new([2 * cos, -3 * sin, 0, 7, 2 * sin, 3 * cos, 0, 8, 0, 0, 1, 9]))!.TiltDegrees.ShouldBe(20, 1e-9);
    }

    [Fact]
    public void A_singular_affine_locates_nothing()
    {
        GridOrientation.TryFind(new([1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0])).ShouldBeNull();
        GridOrientation.TryFind(new(new double[12])).ShouldBeNull();
    }

    /// <summary>The code of each axis of the grid.</summary>
    private static string Codes(GridOrientation orientation) =>
        string.Concat(
            Enumerable
                .Range(0, 3)
                .Select(axis => Array.IndexOf(orientation.GridAxes, axis))
                .Select(world => (orientation.IsReversed[world] ? "LPI" : "RAS")[world])
        );
}
