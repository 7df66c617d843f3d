namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>Connectivity-based fixel enhancement. Several maps share a pass over the connections.</summary>
internal sealed class CfeEnhancement(ConnectivityMatrix matrix, CfeParameters parameters) : IEnhancement
{
    /// <inheritdoc/>
    public int Elements => matrix.Fixels;

    /// <inheritdoc/>
    public int MapsPerCall => HeightBins.Lanes;

    /// <inheritdoc/>
    public long BytesPerEnhancer => ((long)Elements * HeightBins.Lanes * sizeof(short)) + (1 << 20);

    /// <inheritdoc/>
    public IEnhancer CreateEnhancer() => new CfeEnhancer(matrix, parameters);
}
