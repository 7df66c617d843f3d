namespace HpcFit.Coordinator.Inspection;

/// <summary>What the column names of an analysis show about its model, whichever program wrote it.</summary>
/// <param name="Model">The kind of model; null: the columns are those of no model of ModelArray.</param>
/// <param name="Terms">The terms with statistics, in the order of the columns.</param>
/// <param name="Corrections">The corrections of p-values.</param>
internal sealed record ColumnTerms(string? Model, IReadOnlyList<string> Terms, IReadOnlyList<string> Corrections)
{
    private const string OfModel = "model";
    private const string PValue = ".p.value";
    private static readonly string[] OfSmooths = [".edf", ".ref.df"];
    private static readonly string[] OfTerms = [".estimate", ".std.error", ".statistic", PValue, .. OfSmooths];

    /// <summary>What columns show.</summary>
    public static ColumnTerms From(IReadOnlyList<string> columns)
    {
        var terms = columns
            .Select(column =>
                (Column: column, Statistic: OfTerms.FirstOrDefault(statistic => column.EndsWith(statistic, StringComparison.Ordinal)))
            )
            .Where(pair => pair.Statistic is not null)
            .Select(pair => pair.Column[..^pair.Statistic!.Length])
            .Where(term => term != OfModel)
            .Distinct()
            .ToList();
        var corrections = columns
            .Where(column => column.LastIndexOf(PValue + ".", StringComparison.Ordinal) > 0)
            .Select(column => column[(column.LastIndexOf('.') + 1)..])
            .Distinct()
            .ToList();
        var hasSmooths = columns.Any(column => OfSmooths.Any(statistic => column.EndsWith(statistic, StringComparison.Ordinal)));
        var isModel = columns.Any(column => column.StartsWith(OfModel + ".", StringComparison.Ordinal));
        return new(
            hasSmooths ? "gam"
                : terms.Count > 0 || isModel ? "lm, or gam without smooths"
                : null,
            terms,
            corrections
        );
    }
}
