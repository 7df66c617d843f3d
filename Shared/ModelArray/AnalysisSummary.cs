namespace HpcFit.Shared.ModelArray;

/// <summary>An analysis that exists in a file, under <c>/results/&lt;name&gt;</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The number of result columns.</param>
/// <param name="Elements">The number of elements (rows of ModelArray's table).</param>
/// <param name="ColumnNames">The columns' names; empty if the file contains none.</param>
public sealed record AnalysisSummary(string Name, long Columns, long Elements, IReadOnlyList<string> ColumnNames)
{
    /// <summary>The digest of the HpcFit run that it contains the results of; null: another program wrote it.</summary>
    public string? Run { get; init; }

    /// <summary>Absolute paths of other files that contain values or names, reached by links or virtual datasets.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Why the values cannot or may not be read; null: they can.</summary>
    public string? Problem { get; init; }
}
