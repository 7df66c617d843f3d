using HpcFit.Coordinator.Imaging;
using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Demo;

/// <summary>
/// Where the demo's fixels are: one per voxel of a made-up brain, an ellipsoid. The fixels of each tract lie along an arc and point along
/// it; the others point away from the centre.
/// </summary>
internal sealed class DemoSpace
{
    private const double VoxelSize = 2.5;
    private static readonly int[] Shape = [48, 58, 44];
    private static readonly double[] HalfAxes = [18.5, 23.5, 16.0];

    /// <summary>An arc from one point to another, in cells from the centre, with the height to which it bends.</summary>
    private static readonly (double[] From, double[] To, double Bend)[] Arcs =
    [
        ([-9, -14, 2], [-9, 12, 2], 5),
        ([10, -12, -3], [10, 10, 4], 4),
        ([-8, 4, 6], [8, 4, 6], 5),
    ];

    private readonly int[] _cellOf = new int[DemoStudy.Elements];
    private readonly double[][] _directionOf = new double[DemoStudy.Elements][];

    /// <summary>Places the fixels.</summary>
    public DemoSpace()
    {
        var free = Innermost();
        foreach (var (tract, (from, to, bend)) in DemoStudy.Tracts.Zip(Arcs))
        {
            var points = Arc(from, to, bend);
            var cells = free.OrderBy(cell => Distance(points, FromCentre(cell))).Take(tract.Count).ToList();
            foreach (var (index, cell) in cells.OrderBy(cell => Nearest(points, cell)).Index())
            {
                (_cellOf[tract.First + index], _directionOf[tract.First + index]) = (cell, points[Nearest(points, cell)].Along);
                free.Remove(cell);
            }
        }
        using var others = free.Order().GetEnumerator();
        for (var fixel = 0; fixel < _cellOf.Length; fixel++)
        {
            if (_directionOf[fixel] is not null)
                continue;
            others.MoveNext();
            (_cellOf[fixel], _directionOf[fixel]) = (others.Current, Unit(FromCentre(others.Current)));
        }
    }

    /// <summary>The tables of voxels and fixels, as <c>convert</c> writes them.</summary>
    public IReadOnlyList<Content> Tables()
    {
        double[] axis(int of) => [.. _directionOf.Select(direction => direction[of])];
        var ids = Enumerable.Range(0, _cellOf.Length).ToList();
        var cells = _cellOf.Select(Cell).ToList();
        var voxels = ElementTables.Integers(
            "/voxels",
            ("voxel_id", [.. ids.Select(id => (long)id)]),
            ("i", [.. cells.Select(cell => (long)cell.I)]),
            ("j", [.. cells.Select(cell => (long)cell.J)]),
            ("k", [.. cells.Select(cell => (long)cell.K)])
        );
        double[] idValues = [.. ids.Select(id => (double)id)];
        return
        [
            voxels with
            {
                Attributes = [.. voxels.Attributes, .. PlaceAttributes.Create(Shape, ToMillimetres())],
            },
            ElementTables.Numbers(
                "/fixels",
                ("fixel_id", idValues),
                ("voxel_id", idValues),
                ("x", axis(0)),
                ("y", axis(1)),
                ("z", axis(2))
            ),
        ];
    }

    /// <summary>The first axis points to the right; the origin is the centre of the grid.</summary>
    private static Affine ToMillimetres() =>
        new([
            VoxelSize,
            0,
            0,
            -VoxelSize * (Shape[0] - 1) / 2,
            0,
            VoxelSize,
            0,
            -VoxelSize * (Shape[1] - 1) / 2,
            0,
            0,
            VoxelSize,
            -VoxelSize * (Shape[2] - 1) / 2,
        ]);

    /// <summary>As many cells as there are fixels, those nearest to the centre of the ellipsoid.</summary>
    private static HashSet<int> Innermost() =>
        Enumerable.Range(0, Shape[0] * Shape[1] * Shape[2]).OrderBy(cell => Radius(FromCentre(cell))).Take(DemoStudy.Elements).ToHashSet();

    private static double Radius(double[] point) => point.Zip(HalfAxes, (value, half) => value * value / (half * half)).Sum();

    private static (int I, int J, int K) Cell(int number) =>
        (number / (Shape[1] * Shape[2]), number / Shape[2] % Shape[1], number % Shape[2]);

    private static double[] FromCentre(int number)
    {
        var (i, j, k) = Cell(number);
        return [i - ((Shape[0] - 1) / 2.0), j - ((Shape[1] - 1) / 2.0), k - ((Shape[2] - 1) / 2.0)];
    }

    /// <summary>Points of an arc with the direction along it.</summary>
    private static List<(double[] At, double[] Along)> Arc(double[] from, double[] to, double bend)
    {
        const int Points = 60;
        double[] At(double t) =>
            [
                from[0] + (t * (to[0] - from[0])),
                from[1] + (t * (to[1] - from[1])),
                from[2] + (t * (to[2] - from[2])) + (bend * Math.Sin(Math.PI * t)),
            ];
        return
        [
            .. Enumerable
                .Range(0, Points)
                .Select(point => point / (double)Points)
                .Select(t => (At(t), Unit([.. At(t + 0.01).Zip(At(t - 0.01), (next, last) => next - last)]))),
        ];
    }

    private static double Distance(List<(double[] At, double[] Along)> points, double[] place)
    {
        var least = double.PositiveInfinity;
        foreach (var (at, _) in points)
            least = Math.Min(least, Squared(place, at));
        return least;
    }

    private static int Nearest(List<(double[] At, double[] Along)> points, int cell) =>
        Enumerable.Range(0, points.Count).MinBy(point => Squared(FromCentre(cell), points[point].At));

    private static double Squared(double[] one, double[] other)
    {
        var (x, y, z) = (one[0] - other[0], one[1] - other[1], one[2] - other[2]);
        return (x * x) + (y * y) + (z * z);
    }

    private static double[] Unit(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(value => value * value));
        return length > 0 ? [.. vector.Select(value => value / length)] : [1, 0, 0];
    }
}
