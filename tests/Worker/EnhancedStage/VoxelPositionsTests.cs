using HpcFit.Shared.Failures;
using HpcFit.Tests;
using HpcFit.Worker.EnhancedStage;
using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.Tests.EnhancedStage;

/// <summary>The table /voxels of files that h5py writes: voxels in a row along i, and one diagonal to the last.</summary>
public sealed class VoxelPositionsTests : IDisposable
{
    private const string Make = """
        import sys, h5py, numpy as np
        rows = eval(sys.argv[2])
        with h5py.File(sys.argv[1] + '/data.h5', 'w') as f:
            if sys.argv[3] != 'none':
                d = f.create_dataset(sys.argv[3], data=np.array(rows, dtype='i8').T)
                d.attrs['column_names'] = np.array(['voxel_id', 'i', 'j', 'k'], dtype='S')
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-voxels-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Neighbours_follow_the_ids_and_not_the_rows()
    {
        // Voxel 2 is between 0 and 1; 3 shares an edge with 1.
        var voxels = Read("[[2, 5, 7, 9], [0, 4, 7, 9], [1, 6, 7, 9], [3, 7, 8, 9]]");
        var faces = voxels.FindNeighbours(VoxelContact.Face);
        faces.Of(2).ToArray().ShouldBe([0, 1]);
        faces.Of(3).ToArray().ShouldBeEmpty();
        voxels.FindNeighbours(VoxelContact.Edge).Of(3).ToArray().ShouldBe([1]);
    }

    [Theory]
    [InlineData("[[0, 0, 0, 0], [1, 1, 0, 0]]", "/voxels", 3, "has 2 voxels; the scalar has 3 elements")]
    [InlineData("[[0, 0, 0, 0], [0, 1, 0, 0]]", "/voxels", 2, "the voxel_id of row 1 is 0")]
    [InlineData("[[0, 0, 0, 0], [2, 1, 0, 0]]", "/voxels", 2, "the voxel_id of row 1 is 2")]
    [InlineData("[[0, 0, 0, 0], [1, -1, 0, 0]]", "/voxels", 2, "i of voxel 1 is -1")]
    [InlineData("[[0, 3, 3, 3], [1, 3, 3, 3]]", "/voxels", 2, "two voxels in the cell of voxel 1")]
    [InlineData("[]", "none", 2, "has no table /voxels")]
    [InlineData("[[0, 0, 0, 0], [1, 1, 0, 0]]", "/fixels", 2, "--enhance cfe")]
    public void What_is_no_voxel_of_its_own_is_refused(string rows, string table, int elements, string expected) =>
        Should.Throw<BadInputException>(() => Read(rows, table, elements)).Message.ShouldContain(expected);

    private VoxelCells Read(string rows, string table = "/voxels", int elements = 4)
    {
        PythonScript.Run(Make, _folder, rows, table).ExitCode.ShouldBe(0);
        return VoxelPositions.Read(Path.Combine(_folder, "data.h5"), elements, "tfce");
    }
}
