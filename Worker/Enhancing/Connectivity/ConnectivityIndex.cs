using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.Imaging.Mif;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>Where the connections of each fixel are: MRtrix's <c>index.mif</c>, N x 1 x 1 x 2 integers.</summary>
/// <param name="Path">The file.</param>
/// <param name="Counts">How many connections each fixel has.</param>
/// <param name="Offsets">The number of its first connection.</param>
internal sealed record ConnectivityIndex(string Path, int[] Counts, long[] Offsets)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="BadInputException">It cannot be read, or has another shape or type.</exception>
    public static ConnectivityIndex Read(string path)
    {
        var image = MifFile.Read(path).Image;
        if (image.Shape is not [_, 1, 1, 2])
            throw new BadInputException(
                $"'{path}' has the shape {image.ShapeText}; N x 1 x 1 x 2 is expected, the index of a folder that fixelconnectivity "
                    + "writes. The index of a fixel folder is another file."
            );
        if (image.Type is not SampleType.UInt64)
            throw new BadInputException($"'{path}' holds samples of type {image.Type}; UInt64 is expected. Run fixelconnectivity again.");
        var samples = ReadSamples(image);
        var (counts, offsets) = (new int[image.Shape[0]], new long[image.Shape[0]]);
        for (var fixel = 0; fixel < counts.Length; fixel++)
        {
            var at = image.Origin + (fixel * image.Strides[0]);
            var (count, offset) = (samples[at], samples[at + image.Strides[3]]);
            if (count > (ulong)counts.Length)
                throw new BadInputException(
                    $"'{path}' is damaged: fixel {fixel} has {count:N0} connections, of {counts.Length:N0} fixels. Run "
                        + "fixelconnectivity again."
                );
            (counts[fixel], offsets[fixel]) = ((int)count, (long)Math.Min(offset, long.MaxValue));
        }
        return new(path, counts, offsets);
    }

    /// <summary>Compares it with the files of connections.</summary>
    /// <exception cref="BadInputException">Their lengths differ, or a fixel's connections are not in them.</exception>
    public void Check(MifVector fixels, MifVector values)
    {
        if (fixels.Count != values.Count)
            throw new BadInputException(
                $"'{fixels.Path}' has {fixels.Count:N0} connections and '{values.Path}' {values.Count:N0}: they are not of one matrix."
            );
        for (var fixel = 0; fixel < Counts.Length; fixel++)
        {
            if (Counts[fixel] > 0 && Offsets[fixel] > fixels.Count - Counts[fixel])
                throw new BadInputException(
                    $"'{Path}' is damaged, or is not of the same folder as '{fixels.Path}': the {Counts[fixel]:N0} connections of fixel "
                        + $"{fixel} start at {Offsets[fixel]:N0}, of {fixels.Count:N0} in all."
                );
        }
        if (Counts.Sum(count => (long)count) is var sum && sum != fixels.Count)
            throw new BadInputException(
                $"'{Path}' is damaged, or is not of the same folder as '{fixels.Path}': its fixels have {sum:N0} connections, the file "
                    + $"{fixels.Count:N0}."
            );
    }

    private static ulong[] ReadSamples(ImageHeader image)
    {
        using var file = RegularFile.OpenRead(image.Path, "an image");
        var samples = new ulong[image.Samples];
        var bytes = MemoryMarshal.AsBytes(samples.AsSpan());
        if (PositionalRead.Fill(file, bytes, image.DataOffset) < bytes.Length)
            throw new BadInputException($"'{image.Path}' is truncated, or compressed. Run fixelconnectivity again.");
        if (image.BigEndian)
            SampleTypes.SwapBytes(bytes, sizeof(ulong));
        return samples;
    }
}
