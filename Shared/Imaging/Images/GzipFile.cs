using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Imaging.Images;

/// <summary>
/// Inflates whole gzip files of moderate size by the site's libdeflate, three times as fast as a stream. Optional: other cases (several
/// members, damage, size, no library) are handled by the stream, which also reports failures. Owns its buffers: one per
/// thread.
/// </summary>
internal sealed unsafe class GzipFile : IDisposable
{
    private const int MaxBytes = 32 << 20;
    private const int MinFile = 18; // an empty gzip file: ten bytes of header, two of data, eight of trailer; less is damaged
    private static readonly Lazy<Functions?> LoadedFunctions = new(Functions.Load);

    private nint _decompressor;
    private byte[] _stored = [];
    private byte[] _inflated = [];

    private GzipFile(nint decompressor) => _decompressor = decompressor;

    /// <summary>Frees the decompressor of an instance that was not disposed.</summary>
    ~GzipFile() => Dispose();

    /// <summary>Creates an instance, or returns null if the library is missing.</summary>
    public static GzipFile? TryCreate() =>
        LoadedFunctions.Value is { } library && library.Allocate() is var made and not 0 ? new(made) : null;

    /// <summary>The inflated file, checked against its checksum; null if the stream has to handle it.</summary>
    /// <param name="path">A file, gzip or not.</param>
    /// <param name="least">The minimum number of inflated bytes in the file.</param>
    /// <returns>Bytes that stay valid until the next call.</returns>
    public Memory<byte>? TryInflate(string path, long least)
    {
        if (least > MaxBytes || !TryRead(path, out var stored))
            return null;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(stored[^4..]);
        if (size < least || size > Math.Min(MaxBytes, stored.Length * ImageStream.LargestExpansion))
            return null;
        if (_inflated.Length < size)
            _inflated = GC.AllocateUninitializedArray<byte>((int)size);
        if (!LoadedFunctions.Value!.Inflate(_decompressor, stored, _inflated.AsSpan(0, (int)size)))
            return null;
        return _inflated.AsMemory(0, (int)size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var old = Interlocked.Exchange(ref _decompressor, 0);
        if (old != 0)
            LoadedFunctions.Value!.Free(old);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a gzip file of moderate size; false if it is not one, or cannot be read.</summary>
    private bool TryRead(string path, out Span<byte> stored)
    {
        stored = default;
        try
        {
            using var file = RegularFile.OpenRead(path, "an image");
            Span<byte> magic = stackalloc byte[2];
            var length = RandomAccess.GetLength(file);
            if (length is < MinFile or > MaxBytes || ReadAll(file, magic) < magic.Length || magic is not [0x1F, 0x8B])
                return false;
            if (_stored.Length < length)
                _stored = GC.AllocateUninitializedArray<byte>((int)length);
            stored = _stored.AsSpan(0, (int)length);
            return ReadAll(file, stored) == length;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int ReadAll(Microsoft.Win32.SafeHandles.SafeFileHandle file, Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && RandomAccess.Read(file, buffer[filled..], filled) is var read and > 0)
            filled += read;
        return filled;
    }

    private sealed class Functions
    {
        private delegate* unmanaged<nint> _allocate;
        private delegate* unmanaged<nint, void> _free;
        private delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint*, nuint*, int> _decompress;

        public static Functions? Load()
        {
            foreach (var name in (ReadOnlySpan<string>)["libdeflate.so.0", "libdeflate.so"])
            {
                if (!NativeLibrary.TryLoad(name, out var handle))
                    continue;
                if (!NativeLibrary.TryGetExport(handle, "libdeflate_gzip_decompress_ex", out var decompress))
                    continue;
                return new()
                {
                    _allocate = (delegate* unmanaged<nint>)NativeLibrary.GetExport(handle, "libdeflate_alloc_decompressor"),
                    _free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(handle, "libdeflate_free_decompressor"),
                    _decompress = (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nuint*, nuint*, int>)decompress,
                };
            }
            return null;
        }

        public nint Allocate() => _allocate();

        public void Free(nint decompressor) => _free(decompressor);

        /// <summary>Whether one member fills the destination exactly and ends with the file.</summary>
        public bool Inflate(nint decompressor, ReadOnlySpan<byte> stored, Span<byte> inflated)
        {
            nuint taken,
                given;
            fixed (byte* source = stored)
            fixed (byte* destination = inflated)
                return _decompress(decompressor, source, (nuint)stored.Length, destination, (nuint)inflated.Length, &taken, &given) == 0
                    && (int)taken == stored.Length
                    && (int)given == inflated.Length;
        }
    }
}
