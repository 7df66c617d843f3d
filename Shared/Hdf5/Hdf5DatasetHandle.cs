using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>Owns an open HDF5 dataset.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5DatasetHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5D.close(id);
}
