namespace HpcFit.Shared.Tests.Hdf5;

/// <summary>
/// A shared library that reports version 1.8.20 of HDF5, written byte by byte because no compiler is available: an ELF file with three
/// functions and the smallest dynamic section that glibc's loader accepts.
/// </summary>
internal sealed class TooOldLibrary : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-old-").FullName;

    public TooOldLibrary()
    {
        Path = System.IO.Path.Combine(_folder, "libhdf5.so");
        File.WriteAllBytes(Path, Build());
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Build()
    {
        const int code = 0x1000,
            strings = 0x300,
            hash = 0x380,
            symbols = 0x400,
            dynamic = 0x480,
            size = 0x1100;
        var names = "\0H5open\0H5get_libversion\0H5dont_atexit\0"u8;
        var image = new byte[size];
        using var writer = new BinaryWriter(new MemoryStream(image));
        void At(int offset, params ReadOnlySpan<long> words)
        {
            writer.BaseStream.Position = offset;
            foreach (var word in words)
                writer.Write(word);
        }
        // ELF header: 64-bit little-endian shared object for x86-64, two program headers
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(image);
        writer.BaseStream.Position = 16;
        writer.Write((short)3);
        writer.Write((short)62);
        writer.Write(1);
        At(24, 0, 64, 0);
        writer.BaseStream.Position = 52;
        foreach (var value in new short[] { 64, 56, 2, 0, 0, 0 })
            writer.Write(value);
        At(64, 1 | (7L << 32), 0, 0, 0, size, size, 0x1000); // PT_LOAD, rwx
        At(120, 2 | (6L << 32), dynamic, dynamic, dynamic, 6 * 16, 6 * 16, 8); // PT_DYNAMIC
        names.CopyTo(image.AsSpan(strings));
        // one hash bucket that chains the symbols
        writer.BaseStream.Position = hash;
        foreach (var value in new[] { 1, 4, 1, 0, 2, 3, 0 })
            writer.Write(value);
        At(symbols + 24, 1 | (0x12L << 32) | (1L << 48), code, 16);
        At(symbols + 48, 8 | (0x12L << 32) | (1L << 48), code + 16, 64);
        At(symbols + 72, 25 | (0x12L << 32) | (1L << 48), code, 16);
        At(dynamic, 4, hash, 5, strings, 6, symbols, 10, names.Length, 11, 24, 0, 0);
        new byte[] { 0x31, 0xC0, 0xC3 }.CopyTo(image, code); // H5open, H5dont_atexit: xor eax, eax; ret
        new byte[]
        {
            0xC7,
            0x07,
            1,
            0,
            0,
            0, // mov dword [rdi], 1
            0xC7,
            0x06,
            8,
            0,
            0,
            0, // mov dword [rsi], 8
            0xC7,
            0x02,
            20,
            0,
            0,
            0, // mov dword [rdx], 20
            0x31,
            0xC0,
            0xC3,
        }.CopyTo(image, code + 16);
        return image;
    }
}
