using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Generalized;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Generalized;

/// <summary>
/// Generalised linear models against R's glm, iterated to the end, and car (cases/make_cases.R): families and links with weights, offsets,
/// missing subjects, subsets, aliased columns, lost levels, constant and separated responses.
/// </summary>
public sealed class GeneralizedCasesTests
{
    private const int Elements = 7;

    private static readonly Dictionary<string, JsonElement> Cases = Read();
    private static readonly CohortTable Cohort = CohortTable.Read(File("cohort.csv"));
    private static readonly Dictionary<string, double[]> Values = ReadValues();

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void A_case_equals_R(string id) => Compare(id, KernelChoice.Auto).ShouldBeEmpty();

    /// <summary>The reference solves every step by MathNet's QR factorisation of the model matrix itself.</summary>
    [Fact]
    public void The_reference_has_the_same_numbers()
    {
        foreach (var (id, json) in Cases)
        {
            int[] elements = [.. Enumerable.Range(0, Elements)];
            var (fast, status) = Fit(Engine(json), json, elements);
            var (reference, statusOfReference) = Fit(Engine(json, KernelChoice.Reference), json, elements);
            foreach (var e in elements)
            {
                var isEdge = json.GetProperty("status")[e].GetString() == "NoConvergence";
                if (isEdge)
                    continue;
                statusOfReference[e].ShouldBe(status[e], id);
                foreach (var (name, values) in fast)
                    if (!name.EndsWith(".p.value", StringComparison.Ordinal) && !values[e].Equals(reference[name][e]))
                        Math.Abs(values[e] - reference[name][e])
                            .ShouldBeLessThanOrEqualTo(1e-9 * Math.Max(1, Math.Abs(values[e])), $"{id}, element {e}, {name}");
            }
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_the_block()
    {
        foreach (var id in (string[])["binary_logit", "proportion_cloglog", "count_offset", "amount_twins", "nb_log"])
        {
            var engine = Engine(Cases[id]);
            var (expected, _) = Fit(engine, Cases[id], [.. Enumerable.Range(0, Elements)]);
            foreach (var elements in new int[][] { [3], [6, 5, 5, 0], [2, 1] })
            foreach (var (name, values) in Fit(engine, Cases[id], elements).Columns)
                for (var i = 0; i < elements.Length; i++)
                    BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][elements[i]]), name);
        }
    }

    [Fact]
    public void Fitting_allocates_nothing_per_element()
    {
        foreach (var id in (string[])["binary_logit", "quasicount_log", "amount_offset", "nb_log"])
        {
            var engine = Engine(Cases[id]);
            using var fitter = engine.CreateFitter();
            int[] elements = [.. Enumerable.Range(0, 50).Select(i => i % Elements)];
            var (block, results) = (Block(Cases[id], elements), Results(engine, elements.Length));
            fitter.Fit(block, results);
            var before = GC.GetAllocatedBytesForCurrentThread();
            fitter.Fit(block, results);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        }
    }

    [Fact]
    public void There_are_enough_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(60);

    private static List<string> Compare(string id, KernelChoice kernel)
    {
        var (columns, status) = Fit(Engine(Cases[id], kernel), Cases[id], [.. Enumerable.Range(0, Elements)]);
        var expected = Cases[id].GetProperty("expected");
        var found = new List<string>();
        for (var e = 0; e < Elements; e++)
        {
            var wanted = Cases[id].GetProperty("status")[e].GetString();
            // Where R finds no end either, the fit at the edge of the valid means has no value to compare.
            if (wanted == "NoConvergence")
                continue;
            if (status[e].ToString() != wanted)
                found.Add($"element {e}: {status[e]} where {wanted} was expected");
            foreach (var column in expected.EnumerateObject())
            {
                var (r, got) = (Expected(expected, column.Name, e), columns[column.Name][e]);
                // θ is infinite where counts vary no more than Poisson's.
                if (column.Name == "model.theta" && double.IsPositiveInfinity(got))
                    got = double.NaN;
                if (double.IsNaN(r) != double.IsNaN(got) || Math.Abs(got - r) > Tolerance(expected, column.Name, e, r))
                    found.Add($"element {e}, {column.Name}: {got:R} where R has {r:R}");
            }
        }
        return found;
    }

    /// <summary>1e-7, relative; of p-values that of the statistic, and of estimates near 0 relative to the standard error.</summary>
    private static double Tolerance(JsonElement expected, string name, int element, double r)
    {
        const double Relative = 1e-7;
        if (name.EndsWith(".p.value", StringComparison.Ordinal))
        {
            var statistic = Expected(expected, name.Replace("p.value", "statistic"), element);
            return Relative * (1 + Math.Max(Math.Abs(statistic), statistic * statistic)) * r;
        }
        var size = Math.Abs(r);
        if (name.EndsWith(".estimate", StringComparison.Ordinal) || name.Contains(".conf.", StringComparison.Ordinal))
            size = Math.Max(size, Expected(expected, name[..name.IndexOf('.', StringComparison.Ordinal)] + ".std.error", element));
        if (name.EndsWith(".statistic", StringComparison.Ordinal))
            size = Math.Max(size, 1);
        return Relative * size;
    }

    private static double Expected(JsonElement columns, string name, int element) =>
        columns.GetProperty(name)[element] is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    private static GeneralizedEngine Engine(JsonElement json, KernelChoice kernel = KernelChoice.Auto)
    {
        string[] contrasts = [.. json.GetProperty("contrasts").EnumerateArray().Select(one => one.GetString()!)];
        string[] tests = [.. json.GetProperty("tests").EnumerateArray().Select(one => one.GetString()!)];
        return GeneralizedEngine.Create(
            new()
            {
                Engine = "glm",
                Formula = "y ~ " + json.GetProperty("formula").GetString(),
                Family = new() { Name = json.GetProperty("family").GetString()!, Link = json.GetProperty("link").GetString()! },
                Weights = json.GetProperty("weights").GetString(),
                Subset = json.GetProperty("subset").GetString(),
                NumSubjLthrAbs = 5,
                NumSubjLthrRel = 0,
                FullOutputs = true,
                Hypotheses = new()
                {
                    Contrasts = [.. contrasts.Select(text => ContrastSpec.Parse(text, "--contrast"))],
                    FTests = tests,
                    EffectSizes = true,
                    Cluster = null,
                },
            },
            Cohort,
            ["y"],
            "y",
            kernel
        );
    }

    private static (Dictionary<string, double[]> Columns, ElementStatus[] Status) Fit(
        GeneralizedEngine engine,
        JsonElement json,
        int[] elements
    )
    {
        using var fitter = engine.CreateFitter();
        var results = Results(engine, elements.Length);
        fitter.Fit(Block(json, elements), results);
        return (
            engine
                .Layout.PartialColumns.Select((name, c) => (name, c))
                .ToDictionary(one => one.name, one => results.Column(one.c).ToArray()),
            results.Status.ToArray()
        );
    }

    private static ScalarBlock Block(JsonElement json, int[] elements)
    {
        var kind = json.GetProperty("kind").GetString();
        double[] values = [.. Enumerable.Range(0, Cohort.Rows).SelectMany(row => elements.Select(e => Values[$"{kind}{e + 1}"][row]))];
        return new(
            new[] { new ScalarValues(0, elements.Length, default, values, elements.Length) },
            [
                [.. Enumerable.Range(0, Cohort.Rows)],
            ]
        );
    }

    private static ResultBlock Results(GeneralizedEngine engine, int elements) =>
        new(new(0, elements), new double[engine.Layout.PartialColumns.Count * elements], new ElementStatus[elements]);

    private static Dictionary<string, JsonElement> Read() =>
        JsonDocument
            .Parse(System.IO.File.ReadAllText(File("cases.json")))
            .RootElement.GetProperty("cases")
            .EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value);

    private static Dictionary<string, double[]> ReadValues()
    {
        var lines = System.IO.File.ReadLines(File("values.csv")).Select(line => line.Split(',')).ToList();
        return Enumerable
            .Range(0, lines[0].Length)
            .ToDictionary(
                column => lines[0][column],
                column => lines.Skip(1).Select(line => double.Parse(line[column], CultureInfo.InvariantCulture)).ToArray()
            );
    }

    private static string File(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases", name);
}
