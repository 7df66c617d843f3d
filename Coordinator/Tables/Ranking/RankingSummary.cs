using System.Text.Json;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tables.Ranking;

/// <summary>What a ranking found, in words and as JSON properties.</summary>
/// <param name="file">The file as the user named it.</param>
/// <param name="table">The analysis.</param>
/// <param name="by">The ranking column.</param>
/// <param name="ranking">How the elements were ranked.</param>
/// <param name="found">The result.</param>
/// <param name="shown">The columns that are listed.</param>
internal sealed class RankingSummary(
    string file,
    ResultTable table,
    NumberColumn by,
    ElementRanking ranking,
    RankedElements found,
    IReadOnlyList<TableColumn> shown
)
{
    private readonly IReadOnlyList<ExtrapolatedP> _extrapolated = table.Extrapolated([by, .. shown]);

    /// <summary>Sentences for the user.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Count();
        if (table.Rows > found.WithValue)
            yield return $"{CountText.Format(table.Rows - found.WithValue, "element")} of {table.Rows:N0} without a value (NA).";
        foreach (var note in _extrapolated.Select(one => one.Note).OfType<string>())
            yield return note;
        if (table.Positions.Problem is { } problem)
            yield return problem;
    }

    private string Count()
    {
        var (all, order) = (
            CountText.Format(found.WithValue, "element"),
            ranking.Order switch
            {
                RowOrder.Ascending => "smallest first",
                RowOrder.Descending => "largest first",
                _ => "largest magnitude first",
            }
        );
        if (ranking.Limits(by.Name) is not { } limits)
            return $"{found.Rows.Length:N0} of {all}, ranked by {by.Name}, {order}.";
        return $"{found.Passing:N0} of {all} with {limits}"
            + (found.Rows.Length < found.Passing ? $"; {found.Rows.Length:N0} are listed" : "")
            + (
                found is { Passing: 0, Strongest: { } row }
                    ? $"; the {order.Replace(" first", "", StringComparison.Ordinal)} is {AlignedTable.Rounded(by.At(row))}"
                    : $", {order}"
            )
            + ".";
    }

    /// <summary>Writes the properties of the JSON object that precede the rows.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("file", file);
        json.WriteString("analysis", table.Analysis);
        json.WriteString("by", by.Name);
        json.WriteString("order", ranking.Order.ToString());
        Write(json, "below", ranking.Below);
        Write(json, "above", ranking.Above);
        json.WriteNumber("elements", table.Rows);
        json.WriteNumber("withValue", found.WithValue);
        json.WriteNumber("passing", found.Passing);
        ExtrapolatedP.WriteTo(json, _extrapolated);
    }

    private static void Write(Utf8JsonWriter json, string name, double? limit)
    {
        if (limit is { } value)
            json.WriteNumber(name, value);
    }
}
