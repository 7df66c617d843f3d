using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging;

/// <summary>Reads the values of a grid's elements from image files. Owns its buffers: one per thread.</summary>
internal sealed class SampleReader : IDisposable
{
    private const int BlockSamples = 1 << 15;
    private readonly GzipFile? _gzip = GzipFile.TryCreate();
    private byte[] _raw = [];

    /// <summary>Reads one value per element.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="picks">The positions of the elements in the file.</param>
    /// <param name="row">Receives one value per element, in the elements' order.</param>
    public void Read(ImageHeader header, SamplePicks picks, Span<double> row)
    {
        if (_gzip?.TryInflate(header.Path, header.ExpectedBytes) is { } whole)
            Pick(header, picks, whole.Span[(int)header.DataOffset..(int)header.ExpectedBytes], 0, 0, row);
        else
            ReadBlocks(header, picks, row);
        if (header.Slope != 1 || header.Intercept != 0)
            Scale(row, header.Slope, header.Intercept);
    }

    /// <inheritdoc/>
    public void Dispose() => _gzip?.Dispose();

    private void ReadBlocks(ImageHeader header, SamplePicks picks, Span<double> row)
    {
        using var stream = ImageStream.Open(header.Path);
        var size = header.Type.Size();
        if (_raw.Length < BlockSamples * size)
            _raw = new byte[BlockSamples * size];
        stream.Skip(header.DataOffset, "header");
        var next = 0;
        for (long first = 0; first < header.Samples; first += BlockSamples)
        {
            var raw = _raw.AsSpan(0, (int)Math.Min(BlockSamples, header.Samples - first) * size);
            stream.ReadExactly(raw, "samples");
            next = Pick(header, picks, raw, first, next, row);
        }
        stream.Drain();
    }

    /// <summary>Extracts the elements from consecutive samples; returns the total number extracted so far.</summary>
    private static int Pick(ImageHeader header, SamplePicks picks, Span<byte> raw, long first, int next, Span<double> row)
    {
        var size = header.Type.Size();
        if (header.BigEndian == BitConverter.IsLittleEndian)
            SampleTypes.SwapBytes(raw, size);
        var end = picks.Until(first + (raw.Length / size), next);
        SampleTypes.Pick(raw, header.Type, picks.Samples.AsSpan(next..end), first, picks.Elements.AsSpan(next..end), row);
        return end;
    }

    private static void Scale(Span<double> row, double slope, double intercept)
    {
        for (var element = 0; element < row.Length; element++)
            row[element] = (row[element] * slope) + intercept;
    }
}
