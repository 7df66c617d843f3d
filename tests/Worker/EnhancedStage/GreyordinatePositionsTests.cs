using HpcFit.Shared.Failures;
using HpcFit.Shared.Surfaces;
using HpcFit.Tests;
using HpcFit.Worker.EnhancedStage;
using HpcFit.Worker.Enhancing.Neighbourhoods;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Tests.EnhancedStage;

/// <summary>Four vertices of a left and two of a right surface, and three voxels of two structures, in a file of h5py.</summary>
public sealed class GreyordinatePositionsTests : IDisposable
{
    private const string Left = "CIFTI_STRUCTURE_CORTEX_LEFT";
    private const string Right = "CIFTI_STRUCTURE_CORTEX_RIGHT";

    private const string Make = """
        import sys, h5py, numpy as np
        structures = [0, 0, 0, 1, 1, 2, 2, 3]
        positions = eval(sys.argv[2])
        with h5py.File(sys.argv[1] + '/data.h5', 'w') as f:
            d = f.create_dataset('greyordinates', data=np.array([range(8), structures], dtype='i8'))
            d.attrs['column_names'] = np.array(['vertex_id', 'structure_id'], dtype='S')
            d.attrs['structure_names'] = np.array(['CIFTI_STRUCTURE_CORTEX_LEFT', 'CIFTI_STRUCTURE_CORTEX_RIGHT', 'A', 'B'], dtype='S')
            d = f.create_dataset('greyordinate_positions', data=np.array(positions, dtype='i8').T)
            d.attrs['column_names'] = np.array(['vertex', 'i', 'j', 'k'], dtype='S')
        """;

    /// <summary>Vertex 2 of the left surface is no element: it is in the medial wall.</summary>
    private const string Positions =
        "[[3, -1, -1, -1], [0, -1, -1, -1], [1, -1, -1, -1], [0, -1, -1, -1], [3, -1, -1, -1], "
        + "[-1, 4, 4, 4], [-1, 9, 4, 4], [-1, 5, 4, 4]]";

    /// <summary>A square of 2 x 2 mm in two triangles, (0, 1, 2) and (1, 3, 2).</summary>
    private static readonly Surface Square = new("square.surf.gii", [0, 0, 0, 2, 0, 0, 0, 2, 0, 2, 2, 0], [0, 1, 2, 1, 3, 2]);

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-greyordinates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Vertices_are_adjacent_on_their_surface_and_voxels_across_structures()
    {
        var found = Read(Positions, (Left, Square), (Right, Square));

        // Element 0 is vertex 3, which shares edges with 1 (element 2) and 2 (no element); 0 and 3 (elements 1 and 0) share none.
        int[][] expected =
        [
            [2],
            [2],
            [0, 1],
            [],
            [],
            [7],
            [],
            [5],
        ];
        for (var element = 0; element < expected.Length; element++)
            found.Of(element).ToArray().ShouldBe(expected[element], $"element {element}");
    }

    [Fact]
    public void Vertices_count_with_their_area_and_voxels_once()
    {
        var found = Read(Positions, (Left, Square), (Right, Square));
        using var enhancer = new ClusterEnhancement(found, 1, ClusterStatistic.Extent).CreateEnhancer();
        var enhanced = new float[8];

        enhancer.Enhance([3, 3, 3, 3, -3, 3, 3, 3], default, enhanced);

        // A triangle has 2 mm², and each of its vertices a third of that.
        var (whole, third) = ((float)(2 / 3.0 + 2 / 3.0 + 4 / 3.0), (float)(2 / 3.0));
        enhanced.ShouldBe([whole, whole, whole, third, -third, 2, 1, 2], 1e-6);
    }

    [Fact]
    public void A_structure_without_a_surface_is_refused_by_name() =>
        Should
            .Throw<BadInputException>(() => Read(Positions, (Left, Square)))
            .Message.ShouldContain($"has 2 vertices of {Right}, whose neighbours a surface shows. Give --surface L=FILE,R=FILE");

    [Theory]
    [InlineData("[3, -1", "[4, -1", "element 0 is vertex 4; 'square.surf.gii' has the vertices 0 to 3")]
    [InlineData("[[3, -1", "[[1, -1", "has vertex 1 of one structure twice")]
    [InlineData("[-1, 9, 4", "[-1, 4, 4", "has two elements in the cell of element 6")]
    [InlineData("[-1, 9, 4", "[-1, 9, -4", "the cell of element 6 has the coordinate -4")]
    public void Positions_that_cannot_be_are_refused(string part, string instead, string expected)
    {
        var at = Positions.IndexOf(part, StringComparison.Ordinal);
        var changed = Positions[..at] + instead + Positions[(at + part.Length)..];

        Should.Throw<BadInputException>(() => Read(changed, (Left, Square), (Right, Square))).Message.ShouldContain(expected);
    }

    private Neighbours Read(string positions, params (string Structure, Surface Surface)[] surfaces)
    {
        PythonScript.Run(Make, _folder, positions).ExitCode.ShouldBe(0);
        var path = Path.Combine(_folder, "data.h5");
        GreyordinatePositions.AreIn(path).ShouldBeTrue();
        return GreyordinatePositions.Read(path, 8, StructureSurfaces.Create(surfaces), VoxelContact.Face);
    }
}
