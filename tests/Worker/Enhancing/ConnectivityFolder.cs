using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace HpcFit.Worker.Tests.Enhancing;

/// <summary>Writes folders like those of MRtrix's fixelconnectivity.</summary>
internal sealed class ConnectivityFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hpcfit-connectivity").FullName;

    public static ConnectivityFolder Of(IReadOnlyList<(uint Fixel, float Value)[]> rows)
    {
        var folder = new ConnectivityFolder();
        var offset = 0UL;
        var index = new List<ulong>();
        foreach (var row in rows)
        {
            index.AddRange([(ulong)row.Length, row.Length == 0 ? 0 : offset]);
            offset += (ulong)row.Length;
        }
        folder.WriteIndex([.. index]);
        folder.WriteFixels([.. rows.SelectMany(row => row).Select(one => one.Fixel)]);
        folder.WriteValues([.. rows.SelectMany(row => row).Select(one => one.Value)]);
        return folder;
    }

    /// <summary>Random rows: each fixel with itself, some without any connection.</summary>
    public static (uint Fixel, float Value)[][] RandomRows(int fixels, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, fixels)
                .Select(fixel =>
                    fixel % 17 == 5
                        ? []
                        : Enumerable
                            .Range(0, fixels)
                            .Where(other => other == fixel || random.NextDouble() < 0.2)
                            .Select(other => ((uint)other, other == fixel ? 1f : random.Next(1, 200) / 200f))
                            .ToArray()
                ),
        ];
    }

    public void WriteIndex(ulong[] samples, string type = "UInt64LE") =>
        Write("index.mif", $"{samples.Length / 2},1,1,2", "+1,+2,+3,+0", type, MemoryMarshal.AsBytes<ulong>(samples));

    public void WriteFixels(uint[] samples, string type = "UInt32LE", string layout = "+0,+1,+2") =>
        Write("fixels.mif", $"{samples.Length},1,1", layout, type, MemoryMarshal.AsBytes<uint>(samples));

    public void WriteValues(float[] samples, string? shape = null) =>
        Write("values.mif", shape ?? $"{samples.Length},1,1", "+0,+1,+2", "Float32LE", MemoryMarshal.AsBytes<float>(samples));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Write(string name, string shape, string layout, string type, ReadOnlySpan<byte> samples)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"mrtrix image\ndim: {shape}\nvox: {string.Join(',', shape.Split(',').Select(_ => "1"))}\nlayout: {layout}\ndatatype: {type}\n"
        );
        var head = Encoding.ASCII.GetBytes(text + "file: . 256\nEND\n");
        var bytes = new byte[256 + samples.Length];
        head.CopyTo(bytes, 0);
        samples.CopyTo(bytes.AsSpan(256));
        System.IO.File.WriteAllBytes(File(name), bytes);
    }
}
