using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>Inflates with the installed libdeflate, about a third faster than zlib. Optional; no allocation per chunk.</summary>
internal sealed unsafe class LibdeflateInflater : IInflater
{
    private static readonly Lazy<Functions?> LoadedFunctions = new(Functions.Load);
    private readonly Functions _library;
    private nint _decompressor;

    private LibdeflateInflater(Functions library)
    {
        this._library = library;
        _decompressor = library.Allocate();
        if (_decompressor == 0)
            throw new InsufficientMemoryException("libdeflate could not allocate a decompressor.");
    }

    /// <summary>Whether the library is installed.</summary>
    public static bool IsAvailable => LoadedFunctions.Value is not null;

    /// <summary>A new inflater, or null if the library is not installed.</summary>
    public static LibdeflateInflater? TryCreate() => LoadedFunctions.Value is { } found ? new(found) : null;

    /// <inheritdoc/>
    public string? Inflate(ReadOnlyMemory<byte> stored, Span<byte> inflated)
    {
        ObjectDisposedException.ThrowIf(_decompressor == 0, this);
        nuint actual;
        int result;
        fixed (byte* source = stored.Span)
        fixed (byte* destination = inflated)
        {
            result = _library.Decompress(_decompressor, source, (nuint)stored.Length, destination, (nuint)inflated.Length, &actual);
        }
        return result switch
        {
            0 when (int)actual == inflated.Length => null,
            0 => $"its gzip data end after {actual:N0} of {inflated.Length:N0} bytes.",
            3 => $"its gzip data contain more than the {inflated.Length:N0} bytes of a chunk.",
            _ => "its gzip data are damaged (libdeflate).",
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var old = Interlocked.Exchange(ref _decompressor, 0);
        if (old != 0)
            _library.Free(old);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the decompressor of an inflater that was not disposed.</summary>
    ~LibdeflateInflater() => Dispose();

    private sealed class Functions
    {
        private delegate* unmanaged<nint> _allocate;
        private delegate* unmanaged<nint, void> _free;
        private delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint*, int> _decompress;

        public static Functions? Load()
        {
            var handle = LibdeflateLibrary.Load();
            if (handle == 0)
                return null;
            return new()
            {
                _allocate = (delegate* unmanaged<nint>)NativeLibrary.GetExport(handle, "libdeflate_alloc_decompressor"),
                _free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "libdeflate_free_decompressor"),
                _decompress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint*, int>)
                    NativeLibrary.GetExport(handle, "libdeflate_zlib_decompress"),
            };
        }

        public nint Allocate() => _allocate();

        public void Free(nint decompressor) => _free(decompressor);

        public int Decompress(nint decompressor, byte* source, nuint sourceLength, byte* destination, nuint capacity, nuint* actual) =>
            _decompress(decompressor, source, sourceLength, destination, capacity, actual);
    }
}
