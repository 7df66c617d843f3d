using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Cohort;

/// <summary>Recognises by their first bytes files that users give as a cohort but that are not text tables.</summary>
internal static class ForeignFile
{
    /// <summary>Refuses compressed files, spreadsheets, HDF5 files and anything but regular files, naming what it is.</summary>
    /// <exception cref="BadInputException">The file is one of these, or is missing.</exception>
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
