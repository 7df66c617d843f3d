using System.Globalization;

namespace HpcFit.Worker.Summaries;

/// <summary>Fields of CSV tables, as R's <c>read.csv</c> reads them.</summary>
internal static class CsvText
{
    /// <summary>The shortest text that parses to the same bits; NA of NaN.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "NA" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text, in quotation marks where it needs them.</summary>
    public static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
