namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>Reads an image's values at the elements, NaN outside its individual mask. Owns its buffers: one per thread.</summary>
internal sealed class RowReader(int elements) : IDisposable
{
    private readonly SampleReader _samples = new();
    private readonly double[] _row = new double[elements];
    private double[] _mask = [];

    /// <summary>Reads one value per element, valid until the next call.</summary>
    public ReadOnlySpan<double> Read(OpenedImage image)
    {
        _samples.Read(image.Values.Header, image.Values.Picks, _row);
        if (image.Mask is null)
            return _row;
        if (_mask.Length == 0)
            _mask = new double[elements];
        _samples.Read(image.Mask.Header, image.Mask.Picks, _mask);
        for (var element = 0; element < _row.Length; element++)
        {
            if (!(_mask[element] > 0))
                _row[element] = double.NaN;
        }
        return _row;
    }

    /// <inheritdoc/>
    public void Dispose() => _samples.Dispose();
}
