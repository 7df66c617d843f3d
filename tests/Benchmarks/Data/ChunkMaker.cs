using System.IO.Compression;
using System.Runtime.InteropServices;

namespace HpcFit.Benchmarks.Data;

/// <summary>
/// Makes a chunk's values, FDC = level of the element + age and sex effects + noise, and its stored bytes. One per thread.
/// </summary>
internal sealed class ChunkMaker(Study study, CohortRows cohort, int gzipLevel)
{
    private readonly float[] _values = new float[study.Subjects * study.ElementsPerChunk];
    private readonly byte[] _shuffled = new byte[study.Subjects * study.ElementsPerChunk * sizeof(float)];

    /// <summary>The stored bytes of a chunk: shuffled, then gzip. The same for the same number.</summary>
    public byte[] Make(long number)
    {
        Fill(number);
        Shuffle();
        using var stored = new MemoryStream(_shuffled.Length);
        using (var zlib = new ZLibStream(stored, new ZLibCompressionOptions { CompressionLevel = gzipLevel }, leaveOpen: true))
            zlib.Write(_shuffled);
        return stored.ToArray();
    }

    private void Fill(long number)
    {
        var (width, first) = (study.ElementsPerChunk, number * study.ElementsPerChunk);
        var random = new Normals((ulong)number + 2);
        for (var i = 0; i < study.Subjects; i++)
        {
            var (age, sex) = (cohort.Age[i] - 15, cohort.IsMale[i] ? 0.5 : -0.5);
            for (var e = 0; e < width; e++)
            {
                var element = first + e;
                var level = 0.3 + (0.2 * (element % 97 / 97.0));
                var value = level + (0.002 * (element % 5) * age) + (0.01 * (element % 3) * sex) + (0.05 * random.Next());
                _values[(i * width) + e] = IsMissing(element, random) ? float.NaN : (float)value;
            }
        }
    }

    private bool IsMissing(long element, Normals random) =>
        study.MissingShare > 0
        && (element < study.Elements / 4 || element >= study.Elements - (study.Elements / 4))
        && random.Uniform() < study.MissingShare;

    /// <summary>HDF5's shuffle: byte b of every value, then byte b + 1.</summary>
    private void Shuffle()
    {
        var bytes = MemoryMarshal.AsBytes(_values.AsSpan());
        var count = _values.Length;
        for (var b = 0; b < sizeof(float); b++)
        {
            var plane = _shuffled.AsSpan(b * count, count);
            for (var i = 0; i < plane.Length; i++)
                plane[i] = bytes[(i * sizeof(float)) + b];
        }
    }
}
