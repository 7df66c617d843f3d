using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Pipeline;

/// <summary>One of ModelArray's cases: its model, its file, and R's results.</summary>
internal sealed class OracleCase
{
    private readonly JsonElement _json;
    private readonly string _model;

    private OracleCase(string model, string id)
    {
        _json = JsonDocument.Parse(File.ReadAllText(EngineRun.OracleFile($"{model}/{id}/case.json"))).RootElement;
        Path = EngineRun.OracleFile(Text("data")!);
        Degenerate = _json.TryGetProperty("degenerate_element_ids", out var ids)
            ? [.. ids.EnumerateArray().Select(number => number.GetInt64())]
            : [];
        _model = model;
        if (!IsRefused)
            (Head, Rows) = ReadTable(id, "expected.csv");
        Tight = File.Exists(EngineRun.OracleFile($"{model}/{id}/tight.csv")) ? ReadTable(id, "tight.csv").Rows : Rows;
    }

    /// <summary>The names of all cases of a model.</summary>
    public static IEnumerable<string> Ids(string model) =>
        Directory.GetDirectories(EngineRun.OracleFile(model)).Select(folder => System.IO.Path.GetFileName(folder)!).Order();

    /// <summary>The data file.</summary>
    public string Path { get; }

    /// <summary>Whether ModelArray refuses the model.</summary>
    public bool IsRefused => _json.TryGetProperty("error", out _);

    /// <summary>The columns of R's results.</summary>
    public string[] Head { get; } = [];

    /// <summary>R's results, one row per element.</summary>
    public double[][] Rows { get; } = [];

    /// <summary>The same with stricter convergence; <see cref="Rows"/> if there is no search.</summary>
    public double[][] Tight { get; }

    /// <summary>Elements whose tests are rounding noise.</summary>
    public HashSet<long> Degenerate { get; }

    public static OracleCase Read(string model, string id) => new(model, id);

    /// <summary>The engine of the case.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="change">Changes the model first.</param>
    /// <param name="cacheBytes">The size of gam's cache in bytes.</param>
    public IModelEngine Engine(KernelChoice kernel, Func<ModelSpec, ModelSpec>? change = null, long cacheBytes = RowsCache.DefaultBytes)
    {
        var scalar = Text("scalar")!;
        var model = change?.Invoke(Model()) ?? Model();
        List<string> scalars = [.. _json.GetProperty("scalar_types").EnumerateArray().Select(name => name.GetString()!)];
        return _model == "gam"
            ? GamEngine.Create(model, Cohort(scalar), scalars, scalar, kernel, cacheBytes)
            : LinearEngine.Create(model, Cohort(scalar), scalars, scalar, kernel);
    }

    private CohortTable Cohort(string scalar)
    {
        var checkNames = !_json.TryGetProperty("cohort_read", out var read) || read.GetProperty("check_names").GetBoolean();
        var cohort = CohortTable.Read(EngineRun.OracleFile(Text("cohort")!), checkNames);
        if (_json.TryGetProperty("cohort_prep", out var prep))
            cohort = DerivedColumns.Add(cohort, prep.EnumerateArray().Select(Definition));
        return SourceMatching.InFileOrder(cohort, ModelArrayFile.Open(Path).Scalar(scalar).SourceNames, scalar);
    }

    private ModelSpec Model()
    {
        var byDefault = new ModelSpec { Engine = _model };
        return new()
        {
            Engine = _model,
            Formula = Text("formula")!,
            Weights = Argument("weights_column") is { } weights ? weights.GetString() : null,
            Contrasts = Argument("contrasts") is { } contrasts
                ? contrasts.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!)
                : [],
            NumSubjLthrAbs = Argument("num.subj.lthr.abs")?.GetDouble() ?? byDefault.NumSubjLthrAbs,
            NumSubjLthrRel = Argument("num.subj.lthr.rel")?.GetDouble() ?? byDefault.NumSubjLthrRel,
            FullOutputs = Argument("full.outputs")?.GetBoolean() ?? false,
            VarTerms = List("var.terms"),
            VarModel = List("var.model"),
            CorrectPValueTerms = List("correct.p.value.terms"),
            CorrectPValueModel = List("correct.p.value.model"),
            Gam = _model == "gam" ? Gam() : null,
        };
    }

    private GamSpec Gam() =>
        new()
        {
            Method = Argument("method")?.GetString() ?? "GCV.Cp",
            Gamma = Argument("gamma")?.GetDouble() ?? 1,
            Select = Argument("select")?.GetBoolean() ?? false,
            Sp = Numbers(Argument("sp")),
            Knots = Argument("knots") is { } knots
                ? knots.EnumerateObject().ToDictionary(pair => pair.Name, pair => Numbers(pair.Value)!)
                : [],
            VarSmoothTerms = List("var.smoothTerms"),
            VarParametricTerms = List("var.parametricTerms"),
            CorrectPValueSmoothTerms = List("correct.p.value.smoothTerms"),
            CorrectPValueParametricTerms = List("correct.p.value.parametricTerms"),
            ChangedRsqTermIndex = [.. (Numbers(Argument("changed.rsq.term.index")) ?? []).Select(index => (int)index)],
        };

    private static IReadOnlyList<double>? Numbers(JsonElement? value) =>
        value is not { } given ? null
        : given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray().Select(item => item.GetDouble())]
        : [given.GetDouble()];

    private JsonElement? Argument(string name) =>
        _json.GetProperty("args") is { ValueKind: JsonValueKind.Object } args && args.TryGetProperty(name, out var value) ? value : null;

    private List<string>? List(string name) =>
        Argument(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
        : [value.GetString()!];

    private string? Text(string name) => _json.GetProperty(name).GetString();

    private static string Definition(JsonElement prep)
    {
        var levels = prep.TryGetProperty("levels", out var given)
            ? $", levels=c({string.Join(",", given.EnumerateArray().Select(level => $"\"{level}\""))})"
            : "";
        return $"{prep.GetProperty("column")}={prep.GetProperty("op")}({prep.GetProperty("from")}{levels})";
    }

    private (string[] Head, double[][] Rows) ReadTable(string id, string file)
    {
        var lines = File.ReadAllLines(EngineRun.OracleFile($"{_model}/{id}/{file}"));
        return (Cells(lines[0]), [.. lines.Skip(1).Select(line => Cells(line).Select(Number).ToArray())]);
    }

    /// <summary>Column names may contain quoted commas.</summary>
    private static string[] Cells(string line)
    {
        var cells = new List<string> { "" };
        var quoted = false;
        foreach (var ch in line)
        {
            if (ch == '"')
                quoted = !quoted;
            else if (ch == ',' && !quoted)
                cells.Add("");
            else
                cells[^1] += ch;
        }
        return [.. cells];
    }

    private static double Number(string text) =>
        text switch
        {
            "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(text),
        };
}
