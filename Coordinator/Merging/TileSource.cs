using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Merging;

/// <summary>Provides blocks of result columns to a dataset of columns × rows, tile by tile.</summary>
internal static class TileSource
{
    /// <summary>Provides the values unchanged.</summary>
    public static RegionSource Doubles(IResultTiles tiles) =>
        (region, destination) =>
            tiles.Read(
                (int)region.Origin[0],
                (int)region.Extent[0],
                region.Origin[1],
                (int)region.Extent[1],
                MemoryMarshal.Cast<byte, double>(destination)
            );

    /// <summary>Provides the values rounded to the nearest float32.</summary>
    public static RegionSource Singles(IResultTiles tiles)
    {
        double[] values = [];
        return (region, destination) =>
        {
            var count = checked((int)region.Count);
            if (values.Length < count)
                values = GC.AllocateUninitializedArray<double>(count);
            tiles.Read((int)region.Origin[0], (int)region.Extent[0], region.Origin[1], (int)region.Extent[1], values.AsSpan(0, count));
            var singles = MemoryMarshal.Cast<byte, float>(destination);
            for (var i = 0; i < count; i++)
                singles[i] = (float)values[i];
        };
    }
}
