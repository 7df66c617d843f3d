using System.Runtime.InteropServices;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Owns one <c>hid_t</c>. A class a resource kind derives from it. Release never throws; it takes the library's lock, because the finalizer
/// thread may run it while another thread is inside libhdf5.
/// </summary>
public abstract class Hdf5Handle : SafeHandle
{
    /// <summary>Takes ownership of an identifier that a call just returned.</summary>
    protected Hdf5Handle(long id)
        : base(0, ownsHandle: true) => SetHandle((nint)id);

    /// <inheritdoc/>
    public override bool IsInvalid => handle <= 0;

    /// <summary>The identifier, for calls. The owner keeps the handle alive and open while it is used.</summary>
    public long Id => !IsClosed && !IsInvalid ? handle : throw new ObjectDisposedException(GetType().Name);

    /// <summary>The kind's own close function.</summary>
    protected abstract int Close(long id);

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        lock (Hdf5Library.Lock)
            return Close(handle) >= 0;
    }
}
