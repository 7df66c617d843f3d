using System.Buffers.Binary;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Refuses a file that is longer than its superblock declares: libhdf5 appends first and records the new end last, so a writer was killed
/// or is still at work. A shorter file is refused by libhdf5 as truncated.
/// </summary>
/// <remarks>HDF5 File Format Specification 3.0, II.A: the superblock, versions 0 to 3.</remarks>
internal static class EndOfFile
{
    private const int LongestSuperblock = 128;
    private const int AddressBytes = 8;

    /// <summary>Compares the end of a file according to its superblock with its length.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <param name="superblock">The offset of its superblock.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <exception cref="BadInputException">It is longer.</exception>
    public static void Require(SafeFileHandle file, string path, long superblock, long length)
    {
        Span<byte> block = stackalloc byte[LongestSuperblock];
        block.Clear();
        PositionalRead.Fill(file, block, superblock);
        if (DeclaredEnd(block, superblock) is not { } end || end >= (ulong)length)
            return;
        throw new BadInputException(
            $"'{path}' is half-written: it declares {end:N0} bytes and has {length:N0}. A program that wrote into it was killed, or "
                + "is still writing. If its undo journal is in the same folder, "
                + $"'{TypedCommand.Line("recover", path)}' restores the file from before the write; otherwise wait for the writer, "
                + "take a backup, or create a new file with h5repack, which accepts such files."
        );
    }

    /// <summary>
    /// The address of the file's end; null if the superblock contains none of this width, or the file is one of several of a split or
    /// multi-file HDF5.
    /// </summary>
    private static ulong? DeclaredEnd(ReadOnlySpan<byte> block, long superblock)
    {
        var (widthAt, baseAt, endAt) = block[8] switch
        {
            0 => (13, 24, 40),
            1 => (13, 28, 44),
            2 or 3 => (9, 12, 28),
            _ => (0, 0, 0),
        };
        if (widthAt == 0 || block[widthAt] != AddressBytes)
            return null;
        var isOneOfSeveral = block[8] <= 1 && block.Slice(endAt + AddressBytes, AddressBytes).ContainsAnyExcept((byte)0xff);
        // Both are relative to the beginning of the file; a user block added later (h5jam) has moved them.
        return isOneOfSeveral
            ? null
            : unchecked(
                BinaryPrimitives.ReadUInt64LittleEndian(block[endAt..])
                - BinaryPrimitives.ReadUInt64LittleEndian(block[baseAt..])
                + (ulong)superblock
            );
    }
}
