using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Owns one <c>hid_t</c>. One class per kind of resource derives from it. Release never throws; it takes the library's lock, because the
/// finalizer thread may run it while another thread is inside libhdf5.
/// </summary>
public abstract class Hdf5Handle : SafeHandle
{
    /// <summary>Takes ownership of an identifier that a call has just returned.</summary>
    protected Hdf5Handle(long id)
        : base(0, ownsHandle: true) => SetHandle((nint)id);

    /// <inheritdoc/>
    public override bool IsInvalid => handle <= 0;

    /// <summary>The identifier, for calls. The caller must keep the handle alive and open while using it.</summary>
    public long Id => !IsClosed && !IsInvalid ? handle : throw new ObjectDisposedException(GetType().Name);

    /// <summary>Calls the close function of this kind of resource.</summary>
    protected abstract int Close(long id);

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        lock (Hdf5Library.Lock)
            return Close(handle) >= 0;
    }
}

/// <summary>Owns an open HDF5 attribute.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5AttributeHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5A.close(id);
}

/// <summary>Owns an open HDF5 dataset.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5DatasetHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5D.close(id);
}

/// <summary>Owns an open HDF5 dataspace.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5DataspaceHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5S.close(id);
}

/// <summary>Owns an open HDF5 datatype.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5DatatypeHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5T.close(id);
}

/// <summary>Owns an open HDF5 group.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5GroupHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5G.close(id);
}

/// <summary>Owns an open HDF5 object of any kind.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5ObjectHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5O.close(id);
}

/// <summary>Owns an open HDF5 property list.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5PropertyListHandle(long id) : Hdf5Handle(id)
{
    /// <inheritdoc/>
    protected override int Close(long id) => H5P.close(id);
}
