using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>
/// Every statistic of every shuffle of a file equals a full refit in exact arithmetic (refits/make_cases.py): to 1e-12, or as stated with
/// the case (docs/decisions/permutation.md has the reasons).
/// </summary>
public sealed class ExactRefitTests
{
    public static TheoryData<string> Names => [.. Cases().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Shuffles_are_full_refits(string name)
    {
        var one = Cases().Single(other => other.GetProperty("name").GetString() == name);
        var folder = Directory.CreateTempSubdirectory("hpcfit-refits").FullName;
        try
        {
            var expected = Numbers(one.GetProperty("statistics"));
            var found = Statistics(one, folder);
            found.Keys.Order().ShouldBe(expected.Keys.Order());
            var tolerance = one.GetProperty("tolerance").GetDouble();
            foreach (var (hypothesis, shuffles) in expected)
            foreach (var (shuffle, statistics) in shuffles.Index())
            foreach (var (element, statistic) in statistics.Index())
            {
                var value = found[hypothesis][shuffle][element];
                Math.Abs(value - statistic)
                    .ShouldBeLessThanOrEqualTo(
                        tolerance * Math.Max(1, Math.Abs(statistic)),
                        $"{name}, {hypothesis}, shuffle {shuffle}, element {element}: {value:R} instead of {statistic:R}"
                    );
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The statistics of the engine: per hypothesis shuffles × elements.</summary>
    private static Dictionary<string, double[][]> Statistics(JsonElement one, string folder)
    {
        var responses = one.GetProperty("responses").EnumerateArray().Select(Row).ToArray();
        var shuffles = one.GetProperty("shuffles").EnumerateArray().Select(Row).ToArray();
        var file = Path.Combine(folder, "shuffles.csv");
        File.WriteAllLines(file, shuffles.Select(row => string.Join(',', row)));
        var cohort = Cohort(one, Path.Combine(folder, "cohort.csv"), responses[0].Length);
        var engine = PermutationEngine.Create(Model(one, file, shuffles.Length), cohort, ["y"], "y");
        var kept = new Kept(responses.Length);
        var passes = new DesignPasses(engine.Linear, engine.All);
        passes.Start(Block(responses), new ElementStatus[responses.Length]);
        passes.Run(new(0, shuffles.Length), kept);
        return engine
            .Hypotheses.Index()
            .ToDictionary(
                hypothesis => hypothesis.Item.Name,
                hypothesis => Enumerable.Range(0, shuffles.Length).Select(shuffle => kept.Statistics[(hypothesis.Index, shuffle)]).ToArray()
            );
    }

    private static ModelSpec Model(JsonElement one, string shuffles, int count)
    {
        var options = one.GetProperty("options")
            .EnumerateArray()
            .Select(option => option.GetString()!)
            .Chunk(2)
            .ToLookup(pair => pair[0], pair => pair[1]);
        return new()
        {
            Engine = "lm",
            Formula = one.GetProperty("formula").GetString()!,
            Weights = options["--weights"].SingleOrDefault(),
            Hypotheses = new()
            {
                Contrasts = [.. options["--contrast"].Select(text => ContrastSpec.Parse(text, "--contrast"))],
                FTests = [.. options["--f-test"]],
                AnovaType = options["--anova-type"].SingleOrDefault(HypothesisSpec.TypeTwo),
            },
            Permutation = new()
            {
                Count = count,
                File = shuffles,
                Errors = options["--errors"].SingleOrDefault(),
                Method = options["--perm-method"].SingleOrDefault(PermutationSpec.FreedmanLane),
                VarianceGroups = options["--variance-groups"].SingleOrDefault(),
            },
        };
    }

    private static CohortTable Cohort(JsonElement one, string path, int rows)
    {
        var columns = one.GetProperty("cohort").EnumerateObject().ToList();
        var lines = Enumerable
            .Range(0, rows)
            .Select(row => string.Join(',', [.. columns.Select(column => column.Value[row].ToString()), $"sub-{row}.mif"]));
        File.WriteAllLines(path, lines.Prepend(string.Join(',', [.. columns.Select(column => column.Name), "source_file"])));
        return CohortTable.Read(path);
    }

    private static ScalarBlock Block(double[][] responses)
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

    private static Dictionary<string, double[][]> Numbers(JsonElement statistics) =>
        statistics.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.EnumerateArray().Select(Row).ToArray());

    private static double[] Row(JsonElement row) => [.. row.EnumerateArray().Select(value => value.GetDouble())];

    private static JsonElement[] Cases([CallerFilePath] string here = "")
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "refits", "cases.json")));
        return [.. cases.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>Keeps all statistics.</summary>
    private sealed class Kept(int elements) : StatisticReceiver
    {
        public Dictionary<(int Hypothesis, int Shuffle), double[]> Statistics { get; } = [];

        public override void Receive(int hypothesis, long shuffle, int tile, Span<double> statistics)
        {
            tile.ShouldBe(0);
            elements.ShouldBeLessThanOrEqualTo(TileKernel.Width);
            Statistics.Add((hypothesis, (int)shuffle), statistics.ToArray());
        }
    }
}
