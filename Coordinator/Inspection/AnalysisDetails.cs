using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Inspection;

/// <summary>All that a file holds about one analysis.</summary>
/// <param name="File">The file, as it was given.</param>
/// <param name="Summary">Its shape and columns.</param>
/// <param name="Record">What is stored about the fit.</param>
internal sealed record AnalysisDetails(string File, AnalysisSummary Summary, AnalysisRecord Record)
{
    /// <summary>What the columns show about the model.</summary>
    public ColumnTerms Terms => ColumnTerms.From(Summary.ColumnNames);

    /// <summary>
    /// The number of elements with a value in any column but the first, which is their id; null if the statuses are stored.
    /// </summary>
    public long? ElementsWithValues { get; private init; }

    /// <summary>Reads an analysis.</summary>
    /// <exception cref="Shared.Failures.BadInputException">There is no such analysis, or it cannot be read.</exception>
    public static AnalysisDetails Read(string path, string analysis, CancellationToken token)
    {
        using var columns = AnalysisColumns.Open(path, analysis);
        var record = columns.ReadRecord();
        return new(path, columns.Summary, record)
        {
            ElementsWithValues = record.Value("status_counts") is null ? CountValues(columns, token) : null,
        };
    }

    private static long CountValues(AnalysisColumns columns, CancellationToken token)
    {
        var values = new double[columns.Summary.Elements];
        var hasValue = new bool[values.Length];
        for (var column = 1; column < columns.Summary.ColumnNames.Count && hasValue.AsSpan().Contains(false); column++)
        {
            token.ThrowIfCancellationRequested();
            columns.Read(column, 0, values);
            for (var row = 0; row < values.Length; row++)
                hasValue[row] |= !double.IsNaN(values[row]);
        }
        return hasValue.AsSpan().Count(true);
    }
}
