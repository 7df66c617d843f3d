using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Cohort;

/// <summary>Files that users give as a cohort and that are no text table, known by their first bytes.</summary>
internal static class ForeignFile
{
    /// <summary>Refuses what is not a regular file, a compressed file, a spreadsheet and an HDF5 file, each by what it is.</summary>
    /// <exception cref="BadInputException">It is one.</exception>
    public static void Refuse(string path)
    {
        Span<byte> start = stackalloc byte[8];
        using (var file = RegularFile.OpenRead(path, "a cohort table (CSV or TSV)"))
            start = start[..RandomAccess.Read(file, start, 0)];
        if (Kind(start) is { } kind)
            throw new BadInputException($"The cohort '{path}' is {kind}; a CSV or TSV file was expected.");
    }

    private static string? Kind(ReadOnlySpan<byte> start)
    {
        return start switch
        {
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file, as data files are",
            [0x1F, 0x8B, ..] => "compressed by gzip (unpack it: gunzip)",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a spreadsheet or a ZIP archive (save the table as CSV)",
            [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Excel file (save the table as CSV)",
            _ => null,
        };
    }
}
