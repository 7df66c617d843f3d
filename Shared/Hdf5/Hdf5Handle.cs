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
