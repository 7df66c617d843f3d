using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Reporting;

/// <summary>Writes reports.</summary>
internal static class Report
{
    /// <summary>Writes a report about analyses of a file. It appears under its name when it is complete.</summary>
    /// <param name="request">What to report.</param>
    /// <param name="version">This program's version.</param>
    /// <param name="token">Stops it; nothing is left behind.</param>
    /// <returns>The size of the report in bytes.</returns>
    /// <exception cref="BadInputException">An analysis cannot be read, or the report cannot be written.</exception>
    public static long Write(ReportRequest request, string version, CancellationToken token)
    {
        var analyses = new List<ReportedAnalysis>();
        try
        {
            var surfaces = StructureSurfaces.Read(request.Surfaces);
            foreach (var name in request.Analyses)
                analyses.Add(ReportedAnalysis.Open(request, name, surfaces, token));
            var maps = ReportMaps.Create(request, analyses);
            WholeFile.Write(
                request.Output,
                stream =>
                {
                    using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                    ReportPage.Write(text, request.File, analyses, maps, version);
                },
                request.Overwrite
            );
            if (request.Tables is { } folder)
                PeakFiles.Write(folder, analyses, request.Overwrite, token);
            return new FileInfo(request.Output).Length;
        }
        finally
        {
            foreach (var analysis in analyses)
                analysis.Dispose();
        }
    }
}

/// <summary>What to report.</summary>
/// <param name="File">The file with the results.</param>
/// <param name="Analyses">Its analyses.</param>
/// <param name="Output">The report.</param>
internal sealed record ReportRequest(string File, IReadOnlyList<string> Analyses, string Output)
{
    /// <summary>The threshold of findings.</summary>
    public double Threshold { get; init; } = 0.05;

    /// <summary>Whether existing files are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>A folder for the tables of peaks as CSV; null: none are written.</summary>
    public string? Tables { get; init; }

    /// <summary>A NIfTI image behind the maps; null: the mask.</summary>
    public string? Template { get; init; }

    /// <summary>GIfTI surfaces of structures, by the names of the structures.</summary>
    public IReadOnlyDictionary<string, string> Surfaces { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether figures show the values of single subjects at the peaks.</summary>
    public bool WithSubjectValues { get; init; }

    /// <summary>The columns to map; null: the statistics of the first terms, and the statuses.</summary>
    public IReadOnlyList<string>? Maps { get; init; }

    /// <summary>Whether values may be stored outside the folder of the file.</summary>
    public bool AllowsExternal { get; init; }
}
