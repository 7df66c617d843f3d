using System.IO.MemoryMappedFiles;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.Imaging.Mif;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// The samples of an MRtrix image of one axis, mapped: the page cache holds them once for all processes of a machine, and they may exceed
/// its memory.
/// </summary>
/// <typeparam name="T">The type of a sample.</typeparam>
internal sealed unsafe class MappedVector<T> : IDisposable
    where T : unmanaged
{
    private readonly SafeMemoryMappedViewHandle _view;

    private MappedVector(MifVector header, SafeMemoryMappedViewHandle view)
    {
        (Header, _view) = (header, view);
        byte* start = null;
        view.AcquirePointer(ref start);
        First = (T*)(start + header.DataOffset);
    }

    /// <summary>The description of the file.</summary>
    public MifVector Header { get; }

    /// <summary>The first sample; valid until <see cref="Dispose"/>.</summary>
    public T* First { get; }

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The type that it must have, little-endian.</param>
    /// <exception cref="BadInputException">It cannot be used.</exception>
    public static MappedVector<T> Open(string path, SampleType type)
    {
        var header = MifVector.Read(path);
        if (header.Type != type || header.BigEndian)
            throw new BadInputException(
                $"'{path}' holds samples of type {header.Type}{(header.BigEndian ? "BE" : "LE")}; {type}LE is expected, as MRtrix's "
                    + "fixelconnectivity writes it. Run fixelconnectivity again, or undo the conversion or renaming of the file."
            );
        try
        {
            using var mapping = MemoryMappedFile.CreateFromFile(
                RegularFile.OpenRead(path, "an image"),
                mapName: null,
                capacity: 0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: false
            );
            using var accessor = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            var view = accessor.SafeMemoryMappedViewHandle;
            return new(header, view);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be mapped: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _view.ReleasePointer();
}
