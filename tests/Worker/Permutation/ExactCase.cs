using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>A small study whose results are known in exact arithmetic: a case of refits/cases.json or ties/cases.json.</summary>
/// <param name="document">The case.</param>
internal sealed class ExactCase(JsonElement document)
{
    /// <summary>The cases of a folder.</summary>
    public static ExactCase[] Read(string folder, [CallerFilePath] string here = "")
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, folder, "cases.json")));
        return [.. cases.RootElement.Clone().EnumerateArray().Select(one => new ExactCase(one))];
    }

    /// <summary>Its name.</summary>
    public string Name => Of("name").GetString()!;

    /// <summary>The responses, elements × subjects.</summary>
    public double[][] Responses => Rows(Of("responses"));

    /// <summary>One of its values.</summary>
    public JsonElement Of(string key) => document.GetProperty(key);

    /// <summary>Numbers by row.</summary>
    public static double[][] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(Row)];

    /// <summary>The engine of its model.</summary>
    /// <param name="shuffles">The number of shuffles that are requested.</param>
    /// <param name="file">A file of shuffles; null: they are drawn.</param>
    public PermutationEngine Engine(int shuffles, string? file = null)
    {
        var cohort = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(cohort, CohortLines());
            return PermutationEngine.Create(Model(shuffles, file), CohortTable.Read(cohort), ["y"], "y");
        }
        finally
        {
            File.Delete(cohort);
        }
    }

    /// <summary>A block of elements with such responses.</summary>
    public static ScalarBlock Block(double[][] responses)
    {
        var (rows, elements) = (responses[0].Length, responses.Length);
        var values = new double[rows * elements];
        for (var row = 0; row < rows; row++)
        for (var element = 0; element < elements; element++)
            values[(row * elements) + element] = responses[element][row];
        return new(
            new[] { new ScalarValues(0, elements, default, values, elements) },
            [
                [.. Enumerable.Range(0, rows)],
            ]
        );
    }

    private IEnumerable<string> CohortLines()
    {
        var columns = Of("cohort").EnumerateObject().ToList();
        var lines = Enumerable
            .Range(0, Responses[0].Length)
            .Select(row => string.Join(',', [.. columns.Select(column => column.Value[row].ToString()), $"sub-{row}.mif"]));
        return lines.Prepend(string.Join(',', [.. columns.Select(column => column.Name), "source_file"]));
    }

    private ModelSpec Model(int shuffles, string? file)
    {
        var options = Of("options")
            .EnumerateArray()
            .Select(option => option.GetString()!)
            .Chunk(2)
            .ToLookup(pair => pair[0], pair => pair[1]);
        return new()
        {
            Engine = "lm",
            Formula = Of("formula").GetString()!,
            Weights = options["--weights"].SingleOrDefault(),
            NumSubjLthrAbs = 2,
            NumSubjLthrRel = 0,
            Hypotheses = new()
            {
                Contrasts = [.. options["--contrast"].Select(text => ContrastSpec.Parse(text, "--contrast"))],
                FTests = [.. options["--f-test"]],
                AnovaType = options["--anova-type"].SingleOrDefault(HypothesisSpec.TypeTwo),
            },
            Permutation = new()
            {
                Count = shuffles,
                File = file,
                Errors = options["--errors"].SingleOrDefault(),
                Method = options["--perm-method"].SingleOrDefault(PermutationSpec.FreedmanLane),
                VarianceGroups = options["--variance-groups"].SingleOrDefault(),
                Within = options["--exchange"].SingleOrDefault()?.Split('=')[1],
            },
        };
    }

    private static double[] Row(JsonElement row) => [.. row.EnumerateArray().Select(value => value.GetDouble())];
}
