using System.Buffers.Binary;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Refuses a file that is longer than its superblock announces: libhdf5 appends first and records the new end last, so that its writer was
/// killed, or writes now. A shorter one libhdf5 itself refuses as truncated.
/// </summary>
/// <remarks>HDF5 File Format Specification 3.0, II.A: the superblock, versions 0 to 3.</remarks>
internal static class EndOfFile
{
    private const int LongestSuperblock = 128;
    private const int AddressBytes = 8;

    /// <summary>Compares the end that a file announces with its length.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <param name="superblock">Where its superblock begins.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="BadInputException">It is longer.</exception>
    public static void Require(SafeFileHandle file, string path, long superblock, long length)
    {
        Span<byte> block = stackalloc byte[LongestSuperblock];
        block.Clear();
        PositionalRead.Fill(file, block, superblock);
        if (Announced(block, superblock) is not { } end || end >= (ulong)length)
            return;
        throw new BadInputException(
            $"'{path}' is half-written: it announces {end:N0} bytes and has {length:N0}. A program that wrote into it was killed, or "
                + "writes now. Where an undo journal lies beside it, "
                + $"'{TypedCommand.Line("recover", path)}' restores the file from before the write; otherwise wait for the writer, "
                + "take a backup, or let h5repack (which reads it as it is) make a new file."
        );
    }

    /// <summary>
    /// The address of the file's end; null where the superblock holds none of this width, or the file is one of several of one HDF5.
    /// </summary>
    private static ulong? Announced(ReadOnlySpan<byte> block, long superblock)
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
        // Both are counted from the file's beginning; a user block that was added later moved them (h5jam).
        return isOneOfSeveral
            ? null
            : unchecked(
                BinaryPrimitives.ReadUInt64LittleEndian(block[endAt..])
                - BinaryPrimitives.ReadUInt64LittleEndian(block[baseAt..])
                + (ulong)superblock
            );
    }
}
