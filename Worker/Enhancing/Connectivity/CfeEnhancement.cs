namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>Connectivity-based fixel enhancement. Several maps share a pass over the connections.</summary>
internal sealed class CfeEnhancement(ConnectivityMatrix matrix, CfeParameters parameters) : IEnhancement
{
    /// <inheritdoc/>
    public int Elements => matrix.Fixels;

    /// <inheritdoc/>
    public int MapsPerCall => LowMaps.Lanes;

    /// <inheritdoc/>
    public long BytesPerEnhancer =>
        ((long)Elements * (LowMaps.Lanes + (TallMaps.Lanes * sizeof(short)) + sizeof(double) + sizeof(float))) + (4 << 20);

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings =>
        matrix.IsolatedFixels == 0
            ? []
            :
            [
                $"{matrix.IsolatedFixels:N0} of {matrix.Fixels:N0} fixels have no connections in '{matrix.Folder}'. They are not "
                    + "enhanced and cannot be significant. Streamlines do not reach them, or fixelconnectivity had a -mask "
                    + "without them.",
            ];

    /// <inheritdoc/>
    public IEnhancer CreateEnhancer() => new CfeEnhancer(matrix, parameters);
}
