using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>Copies attributes of any type from one object to another. The caller must hold the library's lock.</summary>
internal static unsafe class AttributeCopy
{
    /// <summary>Copies all attributes.</summary>
    /// <param name="from">The source.</param>
    /// <param name="to">The target.</param>
    /// <param name="subject">The source, for messages.</param>
    public static void All(Hdf5ObjectHandle from, Hdf5ObjectHandle to, string subject)
    {
        var count = Hdf5Status.Check(H5A.get_num_attrs(from.Id), "count the attributes of", subject);
        for (var i = 0; i < count; i++)
        {
            var opened = H5A.open_by_idx(from.Id, ".", H5L.INDEX_NAME, H5L.ITER_INC, (ulong)i);
            using var attribute = new Hdf5AttributeHandle(Hdf5Status.Check(opened, "open an attribute of", subject));
            One(attribute, to, subject);
        }
    }

    private static void One(Hdf5AttributeHandle attribute, Hdf5ObjectHandle to, string subject)
    {
        var name = Hdf5Attributes.Name(attribute, subject);
        using var stored = Hdf5Attributes.ReadType(attribute, name, subject);
        // a named type belongs to its file
        using var type = new Hdf5DatatypeHandle(Hdf5Status.Check(H5T.copy(stored.Id), "prepare to copy attributes " + "of", subject));
        using var space = new Hdf5DataspaceHandle(
            Hdf5Status.Check(H5A.get_space(attribute.Id), $"read the shape of attribute '{name}' of", subject)
        );
        using var made = new Hdf5AttributeHandle(
            Hdf5Status.Check(H5A.create(to.Id, name, type.Id, space.Id), $"copy the attribute '{name}' of", subject)
        );
        var values = Math.Max(0, H5S.get_simple_extent_npoints(space.Id));
        if (values == 0)
            return;
        var bytes = new byte[checked(values * H5T.get_size(type.Id))];
        fixed (byte* buffer = bytes)
        {
            Hdf5Status.Check(H5A.read(attribute.Id, type.Id, (nint)buffer), $"read the attribute '{name}' of", subject);
            try
            {
                Hdf5Status.Check(H5A.write(made.Id, type.Id, (nint)buffer), $"copy the attribute '{name}' of", subject);
            }
            finally
            {
                // texts of variable length, which the library allocated
                _ = H5D.vlen_reclaim(type.Id, space.Id, H5P.DEFAULT, (nint)buffer);
            }
        }
    }
}
