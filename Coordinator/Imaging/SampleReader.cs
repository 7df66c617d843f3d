namespace HpcFit.Coordinator.Imaging;

/// <summary>Reads the values of a grid's elements from image files, a block of samples at a time. One a thread: it owns its buffers.</summary>
internal sealed class SampleReader
{
    private const int BlockSamples = 1 << 15;
    private readonly byte[] _raw = new byte[BlockSamples * sizeof(double)];
    private readonly double[] _values = new double[BlockSamples];

    /// <summary>Reads one value an element.</summary>
    /// <param name="header">The file.</param>
    /// <param name="picks">Where the elements stand in it.</param>
    /// <param name="row">One value an element, in the elements' order.</param>
    public void Read(ImageHeader header, SamplePicks picks, Span<double> row)
    {
        using var stream = ImageStream.Open(header.Path);
        stream.Skip(header.DataOffset, "header");
        var scaled = header.Slope != 1 || header.Intercept != 0;
        var size = header.Type.Size();
        var next = 0;
        for (long first = 0; first < header.Samples; first += BlockSamples)
        {
            var count = (int)Math.Min(BlockSamples, header.Samples - first);
            var raw = _raw.AsSpan(0, count * size);
            stream.ReadExactly(raw, "samples");
            var values = _values.AsSpan(0, count);
            SampleTypes.Decode(raw, header.Type, header.BigEndian, values);
            next = Pick(picks, next, first, values, row, scaled ? header.Slope : 1, scaled ? header.Intercept : 0, scaled);
        }
        stream.Drain();
    }

    private static int Pick(SamplePicks picks, int next, long first, ReadOnlySpan<double> values, Span<double> row, double slope, double intercept, bool scaled)
    {
        var (samples, elements) = (picks.Samples, picks.Elements);
        for (; next < samples.Length && samples[next] < first + values.Length; next++)
        {
            var value = values[(int)(samples[next] - first)];
            row[elements[next]] = scaled ? (value * slope) + intercept : value;
        }
        return next;
    }
}
