namespace HpcFit.Shared.ModelArray;

/// <summary>A table that says where elements lie (<c>fixels</c>, <c>voxels</c>, <c>greyordinates</c>, <c>parcels</c>, …): a dataset at the file's root.</summary>
/// <param name="Name">The dataset's name.</param>
/// <param name="Shape">Its extents on disk, C order.</param>
public sealed record ElementTable(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>How many elements it describes: its longest extent, whichever way it is stored.</summary>
    public long Length => Shape.Count > 0 ? Shape.Max() : 0;
}
