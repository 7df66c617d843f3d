using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>Owns an open HDF5 object of any kind.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5ObjectHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5O.close(id);
}
