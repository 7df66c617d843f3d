namespace HpcFit.Worker.Enhancing.Neighbourhoods;

/// <summary>The cells of voxels on their grid: finds neighbours. The grid need not be known.</summary>
/// <param name="i">The cell of each voxel along the first axis; 0 to <see cref="Largest"/>.</param>
/// <param name="j">Along the second axis.</param>
/// <param name="k">Along the third axis.</param>
internal sealed class VoxelCells(int[] i, int[] j, int[] k)
{
    /// <summary>The largest number of a cell along an axis: three of them fit into one key.</summary>
    public const int Largest = (1 << Bits) - 2;

    private const int Bits = 20;

    /// <summary>The number of voxels.</summary>
    public int Count => i.Length;

    /// <summary>The neighbours of each voxel that are voxels themselves.</summary>
    /// <param name="contact">What adjacent voxels share.</param>
    public Neighbours FindNeighbours(VoxelContact contact)
    {
        var offsets = Offsets(contact);
        var voxels = new Dictionary<long, int>(Count);
        for (var voxel = 0; voxel < Count; voxel++)
            voxels.Add(Key(voxel), voxel);
        var starts = new int[Count + 1];
        var others = new List<int>(Count * offsets.Length);
        for (var voxel = 0; voxel < Count; voxel++)
        {
            var key = Key(voxel);
            foreach (var offset in offsets)
            {
                if (voxels.TryGetValue(key + offset, out var other))
                    others.Add(other);
            }
            others.Sort(starts[voxel], others.Count - starts[voxel], null);
            starts[voxel + 1] = others.Count;
        }
        return new(starts, [.. others]);
    }

    /// <summary>The voxel of a cell that another voxel has too; null: all cells differ.</summary>
    public int? FindDuplicate()
    {
        var keys = new HashSet<long>(Count);
        for (var voxel = 0; voxel < Count; voxel++)
        {
            if (!keys.Add(Key(voxel)))
                return voxel;
        }
        return null;
    }

    /// <summary>Differences between the keys of adjacent cells.</summary>
    private static long[] Offsets(VoxelContact contact)
    {
        var axes = contact switch
        {
            VoxelContact.Face => 1,
            VoxelContact.Edge => 2,
            _ => 3,
        };
        return
        [
            .. from di in Enumerable.Range(-1, 3)
            from dj in Enumerable.Range(-1, 3)
            from dk in Enumerable.Range(-1, 3)
            let moved = Math.Abs(di) + Math.Abs(dj) + Math.Abs(dk)
            where moved >= 1 && moved <= axes
            select Key(di, dj, dk),
        ];
    }

    /// <summary>Cells start at 1 in the key, so that the cell before the first one is no other voxel's.</summary>
    private long Key(int voxel) => Key(i[voxel] + 1L, j[voxel] + 1L, k[voxel] + 1L);

    private static long Key(long i, long j, long k) => (((i << Bits) + j) << Bits) + k;
}
