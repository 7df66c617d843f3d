using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>Refuses files that the journal cannot protect, judging by their superblock.</summary>
/// <remarks>HDF5 File Format Specification 3.0, II.A: the superblock, versions 0 to 3.</remarks>
internal static class Superblock
{
    private const int LongestAddress = 32; // the library's own limit
    private const int LongestSuperblock = 28 + (4 * LongestAddress);
    private const byte OpenForWriting = 1,
        OpenForSwmr = 4;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Checks a file that is about to be written in place.</summary>
    /// <exception cref="BadInputException">It is one of several files of one HDF5 file, or marked as open for writing.</exception>
    public static void RequireOrdinary(string path)
    {
        var block = Read(path);
        var version = block[8];
        if (version <= 1)
        {
            var addressBytes = block[13];
            if (addressBytes > LongestAddress)
                throw new BadInputException(
                    $"'{path}' has a damaged superblock: its addresses would have {addressBytes} bytes. Check it with h5dump, or "
                        + "restore it from its source."
                );
            var driver = (version == 0 ? 24 : 28) + (3 * addressBytes);
            if (block.AsSpan(driver, addressBytes).ContainsAnyExcept((byte)0xff))
                throw new BadInputException(
                    $"'{path}' is one of several files that make up one HDF5 file (a family, split or multi file); only single files can "
                        + "be written in place. Write into a new file with --output, or join it with h5repart."
                );
        }
        else if (version >= 3 && (block[11] & (OpenForWriting | OpenForSwmr)) != 0)
        {
            throw new BadInputException(
                $"'{path}' is marked as open for writing{((block[11] & OpenForSwmr) != 0 ? " (SWMR)" : "")}: another program is writing "
                    + "it now, or was killed while writing. "
                    + $"Wait for it; if none is running, check that the file is intact and clear the mark with: h5clear -s {path}"
            );
        }
    }

    private static byte[] Read(string path)
    {
        using var file = RegularFile.OpenRead(path, "an HDF5 file");
        var (block, length) = (new byte[LongestSuperblock], RandomAccess.GetLength(file));
        for (long at = 0; at < length; at = at == 0 ? 512 : at * 2)
        {
            block.AsSpan().Clear();
            PositionalRead.Fill(file, block, at);
            if (block.AsSpan().StartsWith(Signature))
                return block;
        }
        throw new BadInputException($"'{path}' is not an HDF5 file.");
    }
}
