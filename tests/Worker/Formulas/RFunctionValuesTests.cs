using System.Globalization;
using System.Runtime.CompilerServices;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Tests.Formulas;

/// <summary>
/// Values of expressions against R 4.2.2; refresh with <c>LC_ALL=C.UTF-8 Rscript tests/Worker/Formulas/golden/functions.R</c>.
/// </summary>
public class RFunctionValuesTests
{
    /// <summary>Expressions that R evaluates and that are refused here, with what the message contains.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["nchar(code, type = \"bytes\") * 0 + 1"] = "\"bytes\"",
        ["cumsum(sex)"] = "not numeric",
    };

    private static readonly CohortTable Cohort = CohortTable.Read(Golden("functions.csv"));

    private static string Golden(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "golden", name);

    [Fact]
    public void Values_are_those_of_R()
    {
        var wrong = new List<string>();
        var lines = File.ReadLines(Golden("functions.tsv")).Select(line => line.Split('\t')).ToList();
        foreach (var line in lines)
        {
            if (Difference(line) is { } difference)
                wrong.Add($"{line[0]}\n  R:   {string.Join(' ', line[1..])}\n  got: {difference}");
        }
        wrong.ShouldBeEmpty(string.Join('\n', wrong.Take(40)));
        lines.Count.ShouldBeGreaterThan(140);
    }

    private static string? Difference(string[] line)
    {
        Value value;
        try
        {
            var evaluator = new Evaluator(line[0], Cohort.Rows, name => CohortValues.From(Cohort, name), []);
            value = evaluator.Evaluate(ExpressionParser.Parse(line[0]));
        }
        catch (Exception refused) when (refused is BadInputException or BasisImpossibleException)
        {
            return
                line[1] == "ERROR"
                || (Refused.TryGetValue(line[0], out var part) && refused.Message.Contains(part, StringComparison.Ordinal))
                ? null
                : refused.Message;
        }
        return value is NumericValue numeric && line[1] is "number" or "matrix" ? NumericDifference((NumericValue)value, line)
            : TextOf(value) is var got && got == string.Join('\t', line[1..]) ? null
            : TextOf(value);
    }

    private static string? NumericDifference(NumericValue value, string[] line)
    {
        var expected = line[3]
            .Split(',')
            .Select(cell => cell == "NA" ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture))
            .ToArray();
        var names =
            value.Columns > 1 ? string.Join('|', value.ColumnNames ?? [.. Enumerable.Range(1, value.Columns).Select(i => $"{i}")]) : "";
        // Orthogonal polynomials and trigonometric functions of different algorithms.
        var tolerance = 1e-14 * expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var isSame =
            value.Data.Length == expected.Length
            && value.Data.Zip(expected).All(pair => pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) <= tolerance);
        return isSame && names == line[2] ? null : $"{names} {string.Join(',', value.Data)}";
    }

    private static string TextOf(Value value) =>
        value switch
        {
            FactorValue factor =>
                $"{(factor.IsOrdered ? "ordered" : "factor")}\t{Texts([.. factor.Levels])}\t{Texts(Factors.Texts(factor))}",
            TextValue texts => $"text\t\t{Texts(texts.Data)}",
            NumericValue { IsLogical: true } logical => $"logical\t\t{string.Join(',', logical.Data)}",
            NumericValue numeric => $"number\t\t{string.Join(',', numeric.Data)}",
            _ => "?",
        };

    private static string Texts(IEnumerable<string?> items) => string.Join('|', items.Select(item => item is null ? "NA" : $"'{item}'"));
}
