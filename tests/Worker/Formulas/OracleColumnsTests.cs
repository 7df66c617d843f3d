using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Tests.Formulas;

/// <summary>ModelArray's lm cases: the columns that R built from each case's cohort.</summary>
public class OracleColumnsTests
{
    private static string Oracle([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Data", "oracle");

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Path.Combine(Oracle(), "lm")).Select(directory => Path.GetFileName(directory)!).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Columns_are_those_of_ModelArray(string id)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Oracle(), "lm", id, "case.json")));
        var root = json.RootElement;
        var checkNames = !root.TryGetProperty("cohort_read", out var read) || read.GetProperty("check_names").GetBoolean();
        var cohort = CohortTable.Read(Path.Combine(Oracle(), root.GetProperty("cohort").GetString()!), checkNames);
        if (root.TryGetProperty("cohort_prep", out var prep))
            cohort = DerivedColumns.Add(cohort, prep.EnumerateArray().Select(Definition));
        var scalar = root.GetProperty("scalar").GetString()!;
        var scalars = root.GetProperty("scalar_types").EnumerateArray().Select(name => name.GetString()!).ToList();
        var args = root.GetProperty("args");
        var contrasts = args.TryGetProperty("contrasts", out var given)
            ? given.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!)
            : [];
        var weights = args.TryGetProperty("weights_column", out var column) ? column.GetString() : null;
        ModelDesign Create() =>
            ModelDesign.Create(
                Formula.Parse(root.GetProperty("formula").GetString()!),
                cohort,
                scalars,
                scalar,
                new() { Contrasts = contrasts, WeightsColumn = weights }
            );
        if (root.TryGetProperty("error", out _))
        {
            Should.Throw<FormulaException>(Create).Message.ShouldContain("poly");
            return;
        }
        var expected = root.GetProperty("columns")
            .EnumerateArray()
            .Select(name => name.GetString()!)
            .Where(name => name.EndsWith(".p.value", StringComparison.Ordinal) && name != "model.p.value")
            .Select(name => name[..^".p.value".Length])
            .ToList();
        if (expected.Count == 0)
            expected = ["Intercept", "Age", "sexM"]; // lm_terms_empty asks for no term columns
        Create().ColumnNames.Select(name => name == "(Intercept)" ? "Intercept" : name).ShouldBe(expected);
    }

    private static string Definition(JsonElement prep) =>
        $"{prep.GetProperty("column")}={prep.GetProperty("op")}({prep.GetProperty("from")}, "
        + $"levels=c({string.Join(",", prep.GetProperty("levels").EnumerateArray().Select(level => $"\"{level}\""))}))";
}
