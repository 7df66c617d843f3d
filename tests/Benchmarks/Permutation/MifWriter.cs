using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>Writes MRtrix images.</summary>
internal static class MifWriter
{
    private const int Offset = 512;

    /// <summary>Writes an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">Its extents, as in the line <c>dim</c>.</param>
    /// <param name="layout">The line <c>layout</c>.</param>
    /// <param name="type">The line <c>datatype</c>.</param>
    /// <param name="samples">The samples in the order of the layout.</param>
    public static void Write<T>(string path, string shape, string layout, string type, ReadOnlySpan<T> samples)
        where T : unmanaged
    {
        var sizes = string.Join(',', shape.Split(',').Select(_ => "1"));
        var place = string.Concat(
            Enumerable.Range(0, 3).Select(row => $"transform: {(row == 0 ? 1 : 0)},{(row == 1 ? 1 : 0)},{(row == 2 ? 1 : 0)},0\n")
        );
        var head = new byte[Offset];
        Encoding
            .ASCII.GetBytes($"mrtrix image\ndim: {shape}\nvox: {sizes}\nlayout: {layout}\ndatatype: {type}\n{place}file: . {Offset}\nEND\n")
            .CopyTo(head, 0);
        using var file = File.Create(path);
        file.Write(head);
        file.Write(MemoryMarshal.AsBytes(samples));
    }

    /// <summary>Writes an image of one axis.</summary>
    public static void WriteVector<T>(string path, string type, ReadOnlySpan<T> samples)
        where T : unmanaged => Write(path, $"{samples.Length},1,1", "+0,+1,+2", type, samples);
}
