using System.Runtime.InteropServices;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Coordinator.Imaging.Rechunking;

/// <summary>
/// Provides regions of all subjects from a scalar's stripes. Regions are requested in order, so each stripe is read once. For use by one
/// thread.
/// </summary>
internal sealed class StripeRegions : IDisposable
{
    private readonly StripeSource _source;
    private readonly StripeReader _reader;
    private readonly ProgressLog _progress;
    private readonly int _valueSize;
    private ScalarValues _values;

    /// <summary>Prepares reading a scalar.</summary>
    /// <param name="file">The file.</param>
    /// <param name="scalar">One of its scalars.</param>
    /// <param name="valueSize">Bytes per provided value: 4 (float32) or 8 (float64).</param>
    /// <param name="progress">Counts the provided elements.</param>
    public StripeRegions(ModelArrayFile file, ScalarMatrix scalar, int valueSize, ProgressLog progress)
    {
        (_valueSize, _progress) = (valueSize, progress);
        _source = StripeSource.Open(file, scalar);
        _reader = _source.CreateReader();
    }

    /// <summary>Fills a region: subjects × its elements.</summary>
    public void Read(Region region, Span<byte> destination)
    {
        var (first, width) = (region.Origin[1], (int)region.Extent[1]);
        for (var done = 0; done < width; )
        {
            var element = first + done;
            var isHeld = element >= _values.FirstElement && element < _values.FirstElement + _values.Count;
            if (!isHeld)
                _values = _reader.Read(_source.Plan.Range(_source.Plan.StripeOf(element)));
            var from = (int)(element - _values.FirstElement);
            var count = Math.Min(width - done, _values.Count - from);
            for (var subject = 0; subject < region.Extent[0]; subject++)
                Copy(
                    (subject * _values.Stride) + from,
                    count,
                    destination.Slice(((subject * width) + done) * _valueSize, count * _valueSize)
                );
            done += count;
        }
        _progress.Step(width);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _source.Dispose();
    }

    private void Copy(int at, int count, Span<byte> destination)
    {
        if (_values.AreSingles)
            Convert(_values.Singles.Span.Slice(at, count), destination);
        else
            Convert(_values.Doubles.Span.Slice(at, count), destination);
    }

    private void Convert(ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (_valueSize == sizeof(float))
        {
            MemoryMarshal.AsBytes(values).CopyTo(destination);
            return;
        }
        var doubles = MemoryMarshal.Cast<byte, double>(destination);
        for (var i = 0; i < values.Length; i++)
            doubles[i] = values[i];
    }

    private void Convert(ReadOnlySpan<double> values, Span<byte> destination)
    {
        if (_valueSize == sizeof(double))
        {
            MemoryMarshal.AsBytes(values).CopyTo(destination);
            return;
        }
        if (Singles.Convert(values, MemoryMarshal.Cast<byte, float>(destination)) is { } beyond)
            throw new BadInputException(
                $"A value is {beyond:G6}, which is beyond the range of float32 and would become infinite. Use --dtype float64."
            );
    }
}
