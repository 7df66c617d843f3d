using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>
/// Every statistic of every shuffle of a file equals a full refit in exact arithmetic (refits/make_cases.py): to 1e-12, or as stated with
/// the case (docs/decisions/permutation.md has the reasons).
/// </summary>
public sealed class ExactRefitTests
{
    public static TheoryData<string> Names => [.. ExactCase.Read("refits").Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Shuffles_are_full_refits(string name)
    {
        var one = ExactCase.Read("refits").Single(other => other.Name == name);
        var expected = Numbers(one.Of("statistics"));
        var found = Statistics(one);
        found.Keys.Order().ShouldBe(expected.Keys.Order());
        var tolerance = one.Of("tolerance").GetDouble();
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

    /// <summary>The statistics of the engine: per hypothesis shuffles × elements.</summary>
    private static Dictionary<string, double[][]> Statistics(ExactCase one)
    {
        var (responses, shuffles) = (one.Responses, ExactCase.Rows(one.Of("shuffles")));
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, shuffles.Select(row => string.Join(',', row)));
            var engine = one.Engine(shuffles.Length, file);
            var kept = new Kept(responses.Length);
            var passes = new DesignPasses(engine.Linear, engine.All);
            passes.Start(ExactCase.Block(responses), new ElementStatus[responses.Length]);
            passes.Run(new(0, shuffles.Length), kept);
            return engine
                .Hypotheses.Index()
                .ToDictionary(
                    hypothesis => hypothesis.Item.Name,
                    hypothesis =>
                        Enumerable.Range(0, shuffles.Length).Select(shuffle => kept.Statistics[(hypothesis.Index, shuffle)]).ToArray()
                );
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Dictionary<string, double[][]> Numbers(JsonElement statistics) =>
        statistics.EnumerateObject().ToDictionary(one => one.Name, one => ExactCase.Rows(one.Value));

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
