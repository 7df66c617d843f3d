using System.Globalization;
using System.Text.Json;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tables;

/// <summary>
/// The p-values of a column that are extrapolated further than the shuffles support (docs/decisions/pareto-tail.md), as its analysis
/// records them.
/// </summary>
/// <param name="Column">The column, of p or of -log10 p.</param>
/// <param name="LeastP">The least p that the shuffles support: smaller ones are extrapolated.</param>
/// <param name="Elements">The number of elements with a smaller p.</param>
internal sealed record ExtrapolatedP(string Column, double LeastP, long Elements)
{
    /// <summary>The limit of p, which has two digits.</summary>
    public string Limit => LeastP.ToString("G2", CultureInfo.InvariantCulture);

    /// <summary>Which values of 1 - p are extrapolated.</summary>
    public string OfOneMinusP => string.Create(CultureInfo.InvariantCulture, $"above {1 - (decimal)LeastP}");

    /// <summary>Which values of -log10 p are extrapolated.</summary>
    public string OfLogarithm => $"above {(0 - Math.Log10(LeastP)).ToString("G5", CultureInfo.InvariantCulture)}";

    /// <summary>Which values of the column are extrapolated.</summary>
    public string OfColumn => StatisticName.IsLogarithm(Column) ? OfLogarithm : $"below {Limit}";

    /// <summary>What to know where values of the column are shown; null: none of them is extrapolated.</summary>
    public string? Note =>
        Elements == 0
            ? null
            : $"{Column}: values {OfColumn} (at {CountText.Format(Elements, "element")}) are extrapolated further than the shuffles "
                + $"support; state p < {Limit}.";

    /// <summary>Those of a column; null: it has no such limit.</summary>
    /// <param name="record">The record of the analysis.</param>
    /// <param name="column">The column.</param>
    public static ExtrapolatedP? Find(AnalysisRecord record, string column) =>
        ReadAll(record).FirstOrDefault(one => one.Column == StatisticName.WithoutLogarithm(column)) is { } found
            ? found with
            {
                Column = column,
            }
            : null;

    /// <summary>Those of all columns of p by a fitted distribution.</summary>
    /// <param name="record">The record of the analysis.</param>
    public static IEnumerable<ExtrapolatedP> ReadAll(AnalysisRecord record)
    {
        IReadOnlyList<double> Numbers(string name) => record.Facts.TryGetValue(name, out var fact) ? fact.Numbers ?? [] : [];
        foreach (var (column, least, elements) in record.Values("gpd_columns").Zip(Numbers("gpd_least_p"), Numbers("gpd_extrapolated")))
            yield return new(column, least, (long)elements);
    }

    /// <summary>Writes the limits of some columns as a property of a JSON object: docs/formats/tables.md.</summary>
    public static void WriteTo(Utf8JsonWriter json, IEnumerable<ExtrapolatedP> all)
    {
        var limits = all.ToList();
        if (limits.Count == 0)
            return;
        json.WriteStartArray("extrapolated");
        foreach (var one in limits)
        {
            json.WriteStartObject();
            json.WriteString("column", one.Column);
            json.WriteNumber("leastP", one.LeastP);
            json.WriteNumber("elements", one.Elements);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
