using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Inspection;

/// <summary>The output of <c>inspect</c>, as lines of text.</summary>
internal static class FileReport
{
    /// <summary>The whole report.</summary>
    /// <param name="file">The file.</param>
    /// <param name="records">What is stored about the fits, by analysis.</param>
    public static IEnumerable<string> Lines(ModelArrayFile file, IReadOnlyDictionary<string, AnalysisRecord> records)
    {
        yield return $"{file.Path}   {ByteSize.Format(file.Length)}"
            + (file.UserBlock > 0 ? $", user block {file.UserBlock:N0} bytes" : "");
        foreach (var line in file.Scalars.SelectMany(Scalar))
            yield return line;
        foreach (var line in Analyses(file.Analyses, records))
            yield return line;
        foreach (var advice in Advice(file))
            yield return "advice        " + advice;
        if (file.ElementTables.Count > 0)
            yield return "other tables  "
                + string.Join(
                    ", ",
                    file.ElementTables.Select(table => $"{table.Name} ({string.Join(" x ", table.Shape.Select(extent => $"{extent:N0}"))})")
                );
    }

    /// <summary>What prevents writing results into a file, and which of its tables are not read.</summary>
    public static IEnumerable<string> Advice(ModelArrayFile file) =>
        file
            .Obstacles.Select(obstacle => "results cannot be written into this file: " + obstacle.Why)
            .Concat(
                file.ElementTables.Where(table => table.Problem is not null)
                    .Select(table => $"the table {table.Name} is not read: {table.Problem}")
            );

    private static IEnumerable<string> Scalar(ScalarMatrix scalar)
    {
        yield return "";
        yield return $"scalar {scalar.Name}";
        yield return $"  shape     {CountText.Format(scalar.Subjects, "subject")} x {CountText.Format(scalar.Elements, "element")}, "
            + $"{scalar.Type}"
            + (scalar.IsTransposed ? ", stored transposed" : "");
        yield return "  storage   " + Storage(scalar);
        yield return $"  size      {ByteSize.Format(scalar.Layout.StoredBytes)} stored, {ByteSize.Format(scalar.InflatedBytes)} inflated"
            + (double.IsFinite(scalar.CompressionRatio) ? $", ratio {scalar.CompressionRatio:F2}" : "");
        yield return "  sources   "
            + (
                scalar.SourceNames.Count == 0
                    ? "none found"
                    : $"{CountText.Format(scalar.SourceNames.Count, "name")} in {scalar.SourceNamesPlace}: "
                        + $"{string.Join(", ", scalar.SourceNames.Take(2))}{(scalar.SourceNames.Count > 2 ? ", …" : "")}"
            );
        foreach (var file in scalar.Storage.Files)
            yield return "  stored in " + file;
        if (scalar.Missing.Note is { } note)
            yield return "  missing   " + note;
        foreach (var advice in LayoutAdvice.For(scalar))
            yield return "  advice    " + advice;
    }

    private static string Storage(ScalarMatrix scalar)
    {
        if (scalar.Layout.Kind != StorageLayout.Chunked)
            return scalar.Layout.Kind == StorageLayout.Contiguous ? "contiguous" : "compact, virtual or external";
        var filters = scalar.Layout.Filters.Count == 0 ? "no filter" : string.Join(" + ", scalar.Layout.Filters);
        return $"{CountText.Format(LayoutAdvice.Chunks(scalar), "chunk")} of {CountText.Format(scalar.ChunkSubjects, "subject")} x "
            + $"{CountText.Format(scalar.ChunkElements, "element")}, {filters}";
    }

    private static IEnumerable<string> Analyses(
        IReadOnlyList<AnalysisSummary> analyses,
        IReadOnlyDictionary<string, AnalysisRecord> records
    )
    {
        yield return "";
        if (analyses.Count == 0)
            yield return "no analyses";
        foreach (var analysis in analyses)
        {
            yield return $"analysis {analysis.Name}: {CountText.Format(analysis.Elements, "element")} x "
                + $"{CountText.Format(analysis.Columns, "column")}";
            yield return "  " + string.Join(", ", analysis.ColumnNames.Take(8)) + (analysis.ColumnNames.Count > 8 ? ", …" : "");
            if (records.GetValueOrDefault(analysis.Name) is { IsEmpty: false } record)
                yield return $"  {record.Value("model")}  {record.Value("function") ?? record.Value("formula")}, "
                    + $"written {record.Value("date")}";
            foreach (var file in analysis.Files)
                yield return "  stored in " + file;
            if (analysis.Problem is { } problem)
                yield return "  advice    " + problem;
        }
    }
}
