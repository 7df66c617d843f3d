namespace HpcFit.Worker.Enhancing.Neighbourhoods;

/// <summary>
/// What two voxels must share to be adjacent. The value is the number of neighbours of a voxel in the interior.
/// </summary>
internal enum VoxelContact
{
    /// <summary>A face.</summary>
    Face = 6,

    /// <summary>A face or an edge.</summary>
    Edge = 18,

    /// <summary>A face, an edge or a corner.</summary>
    Corner = 26,
}
