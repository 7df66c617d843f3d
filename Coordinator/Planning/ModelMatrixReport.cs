using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Coordinator.Planning;

/// <summary>The lines of a plan about the order of the coefficients, the model matrix as used, and the contrasts and F tests.</summary>
internal static class ModelMatrixReport
{
    private const int MaxWidth = 24;

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(ModelMatrix matrix)
    {
        yield return $"matrix     {CountText.Format(matrix.Columns.Count, "column")}: {string.Join(", ", matrix.Columns)}";
        for (var row = 0; row < matrix.Head.Count; row++)
            yield return $"row {row + 1, -6} {Numbers(matrix.Head[row])}";
        if (matrix.Subjects > matrix.Head.Count)
            yield return $"           … and {CountText.Format(matrix.Subjects - matrix.Head.Count, "row")} more, in the order of the data "
                + "file's subjects";
        var width = matrix.Hypotheses.Select(one => one.Name.Length).Where(length => length <= MaxWidth).DefaultIfEmpty().Max();
        foreach (var one in matrix.Hypotheses)
            for (var row = 0; row < one.Rows.Count; row++)
            {
                var name = (row == 0 ? one.Name : "").PadRight(width);
                yield return $"{(one.IsTest ? "F test" : "contrast"), -10} {name}  {Numbers(one.Rows[row])}";
            }
    }

    private static string Numbers(IEnumerable<double> values) =>
        string.Join(' ', values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture)));
}
