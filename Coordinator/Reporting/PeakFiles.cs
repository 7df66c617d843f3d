using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Reporting;

/// <summary>The peaks of a report as CSV files, one per term, with all digits.</summary>
internal static class PeakFiles
{
    /// <summary>Writes the files <c>ANALYSIS_TERM_peaks.csv</c>; characters that file names do not have become <c>_</c>.</summary>
    /// <param name="folder">The folder, which is created.</param>
    /// <param name="analyses">The analyses.</param>
    /// <param name="overwrite">Whether existing files are replaced.</param>
    /// <param name="token">Stops it.</param>
    public static void Write(string folder, IEnumerable<ReportedAnalysis> analyses, bool overwrite, CancellationToken token)
    {
        Directory.CreateDirectory(folder);
        foreach (var analysis in analyses)
        {
            foreach (var term in analysis.Terms)
            {
                var columns = PeakColumns.Create(analysis, term);
                var rows = analysis.PeaksOf(term).ToArray();
                var path = Path.Combine(folder, $"{Safe(analysis.Table.Analysis)}_{Safe(term.Name)}_peaks.csv");
                if (File.Exists(path) && !overwrite)
                    throw new BadInputException($"'{path}' exists. Choose another --tables folder, or replace the files with --overwrite.");
                var table = new DelimitedTable(',');
                WholeFile.Write(path, stream => table.Write(new(columns, rows, analysis.Table.Rows), columns, stream, token), overwrite);
            }
        }
    }

    private static string Safe(string name) =>
        string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '_'));
}
