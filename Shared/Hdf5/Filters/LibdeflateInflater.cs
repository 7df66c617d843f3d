using System.Runtime.InteropServices;

namespace HpcFit.Shared.Hdf5.Filters;

/// <summary>The site's libdeflate, about a third faster than zlib. Optional; allocates nothing a chunk.</summary>
internal sealed unsafe class LibdeflateInflater : IInflater
{
    private static readonly Lazy<Functions?> functions = new(Functions.Load);
    private readonly Functions library;
    private nint decompressor;

    private LibdeflateInflater(Functions library)
    {
        this.library = library;
        decompressor = library.Allocate();
        if (decompressor == 0) throw new InsufficientMemoryException("libdeflate could not allocate a decompressor.");
    }

    /// <summary>Whether the library is there.</summary>
    public static bool IsAvailable => functions.Value is not null;

    /// <inheritdoc/>
    public string Name => "libdeflate";

    /// <summary>A new inflater, or null when the library is not there.</summary>
    public static LibdeflateInflater? TryCreate() => functions.Value is { } found ? new(found) : null;

    /// <inheritdoc/>
    public string? Inflate(ReadOnlyMemory<byte> stored, Span<byte> inflated)
    {
        ObjectDisposedException.ThrowIf(decompressor == 0, this);
        nuint actual;
        int result;
        fixed (byte* source = stored.Span)
        fixed (byte* destination = inflated)
        {
            result = library.Decompress(decompressor, source, (nuint)stored.Length, destination, (nuint)inflated.Length, &actual);
        }
        return result switch
        {
            0 when (int)actual == inflated.Length => null,
            0 => $"its gzip data end after {actual:N0} of {inflated.Length:N0} bytes.",
            3 => $"its gzip data hold more than the {inflated.Length:N0} bytes of a chunk.",
            _ => "its gzip data are damaged (libdeflate).",
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var old = Interlocked.Exchange(ref decompressor, 0);
        if (old != 0) library.Free(old);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the decompressor of an inflater that was not disposed.</summary>
    ~LibdeflateInflater() => Dispose();

    private sealed class Functions
    {
        private delegate* unmanaged<nint> allocate;
        private delegate* unmanaged<nint, void> free;
        private delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint*, int> decompress;

        public static Functions? Load()
        {
            foreach (var name in (ReadOnlySpan<string>)["libdeflate.so.0", "libdeflate.so"])
            {
                if (!NativeLibrary.TryLoad(name, out var handle)) continue;
                return new()
                {
                    allocate = (delegate* unmanaged<nint>)NativeLibrary.GetExport(handle, "libdeflate_alloc_decompressor"),
                    free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "libdeflate_free_decompressor"),
                    decompress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint*, int>)NativeLibrary.GetExport(handle, "libdeflate_zlib_decompress"),
                };
            }
            return null;
        }

        public nint Allocate() => allocate();

        public void Free(nint decompressor) => free(decompressor);

        public int Decompress(nint decompressor, byte* source, nuint sourceLength, byte* destination, nuint room, nuint* actual) =>
            decompress(decompressor, source, sourceLength, destination, room, actual);
    }
}
