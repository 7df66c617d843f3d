using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Deflates with the installed libdeflate: at level 1 about as fast as zlib, with smaller output. Optional.</summary>
internal sealed unsafe class LibdeflateDeflater : IDeflater
{
    private static readonly Lazy<Functions?> LoadedFunctions = new(Functions.Load);
    private nint _compressor;

    private LibdeflateDeflater(nint compressor) => _compressor = compressor;

    /// <summary>Frees the compressor of a deflater that was not disposed.</summary>
    ~LibdeflateDeflater() => Dispose();

    /// <summary>A new deflater, or null if the library is not installed.</summary>
    /// <param name="level">zlib's level, 0 to 9. 2 to 4 use libdeflate's level 1, which compresses shuffled floats as well as zlib's 4
    /// (within 0.3 %), a third faster than its own 2 to 4.</param>
    public static LibdeflateDeflater? TryCreate(int level)
    {
        if (LoadedFunctions.Value is not { } library)
            return null;
        var compressor = library.Allocate(level is > 1 and <= 4 ? 1 : level);
        return compressor != 0 ? new(compressor) : throw new InsufficientMemoryException("libdeflate could not allocate a compressor.");
    }

    /// <inheritdoc/>
    public int Deflate(ReadOnlySpan<byte> values, Memory<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_compressor == 0, this);
        fixed (byte* source = values)
        fixed (byte* target = destination.Span)
            return (int)LoadedFunctions.Value!.Deflate(_compressor, source, (nuint)values.Length, target, (nuint)destination.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var old = Interlocked.Exchange(ref _compressor, 0);
        if (old != 0)
            LoadedFunctions.Value!.Free(old);
        GC.SuppressFinalize(this);
    }

    private sealed class Functions
    {
        private delegate* unmanaged<int, nint> _allocate;
        private delegate* unmanaged<nint, void> _free;
        private delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint> _deflate;

        public static Functions? Load()
        {
            var handle = LibdeflateLibrary.Load();
            if (handle == 0)
                return null;
            return new()
            {
                _allocate = (delegate* unmanaged<int, nint>)NativeLibrary.GetExport(handle, "libdeflate_alloc_compressor"),
                _free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "libdeflate_free_compressor"),
                _deflate = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint>)
                    NativeLibrary.GetExport(handle, "libdeflate_deflate_compress"),
            };
        }

        public nint Allocate(int level) => _allocate(level);

        public void Free(nint compressor) => _free(compressor);

        public nuint Deflate(nint compressor, byte* source, nuint length, byte* target, nuint capacity) =>
            _deflate(compressor, source, length, target, capacity);
    }
}
