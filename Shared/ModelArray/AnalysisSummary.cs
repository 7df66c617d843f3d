namespace HpcFit.Shared.ModelArray;

/// <summary>An analysis that the file already holds, under <c>/results/&lt;name&gt;</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">How many result columns.</param>
/// <param name="Elements">How many elements (rows of ModelArray's table).</param>
/// <param name="ColumnNames">The columns' names; empty when the file has none.</param>
public sealed record AnalysisSummary(string Name, long Columns, long Elements, IReadOnlyList<string> ColumnNames)
{
    /// <summary>The digest of the HpcFit run whose results they are; null: another program wrote them.</summary>
    public string? Run { get; init; }

    /// <summary>Other files that hold values or names: links and virtual datasets lead there. Absolute.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Why the values cannot be read, or may not; null: they can.</summary>
    public string? Problem { get; init; }
}
