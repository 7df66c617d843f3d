using System.Text.Json;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Generalized;

/// <summary>
/// Generalised linear models against R's glm, iterated to the end, and car (cases/make_cases.R): families and links with weights, offsets,
/// missing subjects, subsets, aliased columns, lost levels, constant and separated responses.
/// </summary>
public sealed class GeneralizedCasesTests
{
    private const int Elements = GeneralizedCases.Elements;

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    private static IReadOnlyDictionary<string, JsonElement> Cases => GeneralizedCases.All;

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
            var (fast, status) = GeneralizedCases.Fit(GeneralizedCases.Engine(json), json, elements);
            var (reference, statusOfReference) = GeneralizedCases.Fit(
                GeneralizedCases.Engine(json, KernelChoice.Reference),
                json,
                elements
            );
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
            var engine = GeneralizedCases.Engine(Cases[id]);
            var (expected, _) = GeneralizedCases.Fit(engine, Cases[id], [.. Enumerable.Range(0, Elements)]);
            foreach (var elements in new int[][] { [3], [6, 5, 5, 0], [2, 1] })
            foreach (var (name, values) in GeneralizedCases.Fit(engine, Cases[id], elements).Columns)
                for (var i = 0; i < elements.Length; i++)
                    BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[name][elements[i]]), name);
        }
    }

    [Fact]
    public void Fitting_allocates_nothing_per_element()
    {
        foreach (var id in (string[])["binary_logit", "quasicount_log", "amount_offset", "nb_log"])
        {
            var engine = GeneralizedCases.Engine(Cases[id]);
            using var fitter = engine.CreateFitter();
            int[] elements = [.. Enumerable.Range(0, 50).Select(i => i % Elements)];
            var (block, results) = (GeneralizedCases.Block(Cases[id], elements), GeneralizedCases.Results(engine, elements.Length));
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
        var (columns, status) = GeneralizedCases.Fit(
            GeneralizedCases.Engine(Cases[id], kernel),
            Cases[id],
            [.. Enumerable.Range(0, Elements)]
        );
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
}
