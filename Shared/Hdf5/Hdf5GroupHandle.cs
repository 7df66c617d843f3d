using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>Owns an open HDF5 group.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5GroupHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5G.close(id);
}
