using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Tests.Gam;

/// <summary>
/// A file of tests/Data/oracle/bases: mgcv 1.8-41's basis, penalties and converged fits (its header names the command's inputs).
/// </summary>
internal sealed class ReferenceBasis
{
    public ReferenceBasis(string name) => Root = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json"))).RootElement;

    public JsonElement Root { get; }

    public double[] Numbers(string column) => [.. Root.GetProperty("data").GetProperty(column).EnumerateArray().Select(v => v.GetDouble())];

    public string[] Texts(string column) => [.. Root.GetProperty("data").GetProperty(column).EnumerateArray().Select(v => v.GetString()!)];

    public Covariate Number(string column) => new(column, Numbers(column));

    public Covariate Factor(string column, bool ordered, params string[] levels) =>
        new(column, [], [.. Texts(column).Select(t => Array.IndexOf(levels, t))], levels, ordered);

    public static DenseMatrix Matrix(JsonElement rows)
    {
        var matrix = new DenseMatrix(rows.GetArrayLength(), rows[0].GetArrayLength());
        for (var i = 0; i < matrix.Rows; i++)
        for (var j = 0; j < matrix.Columns; j++)
            matrix[i, j] = rows[i][j].GetDouble();
        return matrix;
    }

    public static SmoothRequest Request(string name, ReferenceBasis r) =>
        name switch
        {
            "tp_k4" => S(r, "Age", "tp", 4),
            "tp_k10" => S(r, "Age", "tp", 10),
            "tp_m1_k6" => S(r, "Age", "tp", 6, 1),
            "ts_k6" => S(r, "Age", "ts", 6),
            "cr_k6" => S(r, "Age", "cr", 6),
            "cs_k6" => S(r, "Age", "cs", 6),
            "cc_k6" => S(r, "angle", "cc", 6),
            "ps_k8" => S(r, "Age", "ps", 8),
            "re_site" => new SmoothRequest
            {
                Function = "s",
                Covariates = [r.Factor("site", false, "A", "B", "C")],
                Margins = [new("re", [0], null, null, false, false)],
            },
            "tp2d_k12" => new SmoothRequest
            {
                Function = "s",
                Covariates = [r.Number("Age"), r.Number("motion")],
                Margins = [new("tp", [0, 1], 12, null, false, false)],
            },
            "te_k4" => Tensor("te", r, "Age", "motion"),
            "ti_k4" => Tensor("ti", r, "Age", "motion"),
            "ti_main_k4" => Tensor("ti", r, "Age"),
            "by_factor_k4" => S(r, "Age", "tp", 4) with { By = r.Factor("fsex", false, "F", "M") },
            "by_ordered_k4" => S(r, "Age", "tp", 4) with { By = r.Factor("osex", true, "F", "M") },
            "by_numeric_k4" => S(r, "Age", "tp", 4) with { By = r.Number("motion") },
            _ => throw new ArgumentException(name),
        };

    /// <summary>The model that the file's fits are of: intercept, a second column, the smooths.</summary>
    public GamDesign Design(string name, string method, double gamma = 1)
    {
        var smooths = SmoothBuilder.Build(Request(name, this)).ToList();
        if (name == "by_ordered_k4")
            smooths.AddRange(SmoothBuilder.Build(Request("tp_k4", this)));
        var second = name == "re_site" ? new ReferenceBasis("tp_k4").Numbers("Age") : [.. Texts("sex").Select(t => t == "M" ? 1.0 : 0.0)];
        var parametric = new DenseMatrix(second.Length, 2);
        for (var i = 0; i < second.Length; i++)
        {
            parametric[i, 0] = 1;
            // Ordered factors of two levels have the linear polynomial contrast.
            parametric[i, 1] = name == "by_ordered_k4" ? (second[i] == 1 ? Math.Sqrt(0.5) : -Math.Sqrt(0.5)) : second[i];
        }
        return new GamDesign(parametric, smooths, null, SmoothnessMethodNames.Parse(method), gamma);
    }

    private static SmoothRequest S(ReferenceBasis r, string covariate, string basis, int k, params double[] m) =>
        new()
        {
            Function = "s",
            Covariates = [r.Number(covariate)],
            Margins = [new(basis, [0], k, m, false, false)],
        };

    private static SmoothRequest Tensor(string function, ReferenceBasis r, params string[] covariates) =>
        new()
        {
            Function = function,
            Covariates = [.. covariates.Select(r.Number)],
            Margins = [.. covariates.Select((_, i) => new MarginRequest("cr", [i], 4, null, false, true))],
        };

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Data", "oracle", "bases");
}
