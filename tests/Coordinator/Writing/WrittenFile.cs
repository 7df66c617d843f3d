using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>Reads what was written with libhdf5's own filters and conversions, none of ours.</summary>
internal static class WrittenFile
{
    public static unsafe T[] Read<T>(string path, string dataset, long memoryType, long count)
        where T : unmanaged
    {
        using var file = Hdf5ReadFile.Open(path);
        using var opened = file.OpenDataset(dataset);
        var values = new T[count];
        fixed (T* start = values)
            Hdf5Status.Check(H5D.read(opened.Id, memoryType, H5S.ALL, H5S.ALL, H5P.DEFAULT, (nint)start), "read", file.Describe(dataset));
        return values;
    }

    public static double[] Doubles(string path, string dataset, long count) => Read<double>(path, dataset, H5T.NATIVE_DOUBLE, count);

    public static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
