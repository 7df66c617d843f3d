using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Tests.Pipeline;

namespace HpcFit.Worker.Tests.Linear;

/// <summary>One of ModelArray's lm cases: its model, its file, and R's answers.</summary>
internal sealed class OracleCase
{
    private readonly JsonElement _json;

    private OracleCase(string id)
    {
        _json = JsonDocument.Parse(File.ReadAllText(EngineRun.OracleFile($"lm/{id}/case.json"))).RootElement;
        Path = EngineRun.OracleFile(Text("data")!);
        Degenerate = _json.TryGetProperty("degenerate_element_ids", out var ids) ? [.. ids.EnumerateArray().Select(number => number.GetInt64())] : [];
        if (!IsRefused) (Head, Rows) = ReadExpected(id);
    }

    /// <summary>The names of all cases.</summary>
    public static IEnumerable<string> Ids => Directory.GetDirectories(EngineRun.OracleFile("lm")).Select(folder => System.IO.Path.GetFileName(folder)!).Order();

    /// <summary>The data file.</summary>
    public string Path { get; }

    /// <summary>Whether ModelArray refuses the model.</summary>
    public bool IsRefused => _json.TryGetProperty("error", out _);

    /// <summary>The columns of R's answers.</summary>
    public string[] Head { get; } = [];

    /// <summary>R's answers, one row an element.</summary>
    public double[][] Rows { get; } = [];

    /// <summary>Elements whose tests are rounding noise.</summary>
    public HashSet<long> Degenerate { get; }

    public static OracleCase Read(string id) => new(id);

    public LinearEngine Engine(KernelChoice kernel)
    {
        var checkNames = !_json.TryGetProperty("cohort_read", out var read) || read.GetProperty("check_names").GetBoolean();
        var cohort = CohortTable.Read(EngineRun.OracleFile(Text("cohort")!), checkNames);
        if (_json.TryGetProperty("cohort_prep", out var prep)) cohort = DerivedColumns.Add(cohort, prep.EnumerateArray().Select(Definition));
        var scalar = Text("scalar")!;
        cohort = SourceMatching.InFileOrder(cohort, ModelArrayFile.Open(Path).Scalar(scalar).SourceNames, scalar);
        return LinearEngine.Create(Model(), cohort, [.. _json.GetProperty("scalar_types").EnumerateArray().Select(name => name.GetString()!)], scalar, kernel);
    }

    private ModelSpec Model()
    {
        var args = _json.GetProperty("args");
        var byDefault = new ModelSpec { Engine = "lm" };
        return new()
        {
            Engine = "lm",
            Formula = Text("formula")!,
            Weights = Argument("weights_column") is { } weights ? weights.GetString() : null,
            Contrasts = Argument("contrasts") is { } contrasts ? contrasts.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!) : [],
            NumSubjLthrAbs = Argument("num.subj.lthr.abs")?.GetDouble() ?? byDefault.NumSubjLthrAbs,
            NumSubjLthrRel = Argument("num.subj.lthr.rel")?.GetDouble() ?? byDefault.NumSubjLthrRel,
            FullOutputs = Argument("full.outputs")?.GetBoolean() ?? false,
            VarTerms = List("var.terms"),
            VarModel = List("var.model"),
            CorrectPValueTerms = List("correct.p.value.terms"),
            CorrectPValueModel = List("correct.p.value.model"),
        };

        JsonElement? Argument(string name) => args.ValueKind == JsonValueKind.Object && args.TryGetProperty(name, out var value) ? value : null;

        List<string>? List(string name) => Argument(name) is not { } value ? null
            : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : [value.GetString()!];
    }

    private string? Text(string name) => _json.GetProperty(name).GetString();

    private static string Definition(JsonElement prep)
    {
        var levels = prep.TryGetProperty("levels", out var given)
            ? $", levels=c({string.Join(",", given.EnumerateArray().Select(level => $"\"{level}\""))})" : "";
        return $"{prep.GetProperty("column")}={prep.GetProperty("op")}({prep.GetProperty("from")}{levels})";
    }

    private static (string[] Head, double[][] Rows) ReadExpected(string id)
    {
        var lines = File.ReadAllLines(EngineRun.OracleFile($"lm/{id}/expected.csv"));
        return (Cells(lines[0]), [.. lines.Skip(1).Select(line => Cells(line).Select(Number).ToArray())]);
    }

    /// <summary>Column names may hold commas between quotes.</summary>
    private static string[] Cells(string line)
    {
        var cells = new List<string> { "" };
        var quoted = false;
        foreach (var ch in line)
        {
            if (ch == '"') quoted = !quoted;
            else if (ch == ',' && !quoted) cells.Add("");
            else cells[^1] += ch;
        }
        return [.. cells];
    }

    private static double Number(string text) => text switch { "Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.Parse(text) };
}
