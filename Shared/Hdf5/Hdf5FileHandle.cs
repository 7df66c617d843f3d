using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>Owns an open HDF5 file.</summary>
/// <param name="id">The identifier; it must be valid.</param>
public sealed class Hdf5FileHandle(long id) : Hdf5Handle(id)
{
    /// <summary>The file descriptor through which the library reads and writes the file.</summary>
    /// <exception cref="Hdf5Exception">The library does not provide one.</exception>
    public unsafe int Descriptor
    {
        get
        {
            lock (Hdf5Library.Lock)
            {
                Hdf5Status.Check(H5F.get_vfd_handle(Id, H5P.DEFAULT, out var descriptor), "find the descriptor of", "an open file");
                return *(int*)descriptor;
            }
        }
    }

    /// <inheritdoc/>
    protected override int Close(long id) => H5F.close(id);
}
