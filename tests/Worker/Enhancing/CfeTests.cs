using HpcFit.Worker.Enhancing.Connectivity;

namespace HpcFit.Worker.Tests.Enhancing;

public sealed class CfeTests
{
    private const int Fixels = 120;
    private const int Maps = 19; // a full pass and a part of one

    [Theory]
    [InlineData(2, 3, 0.5, 0.1)]
    [InlineData(2, 3, 1, 0.1)]
    [InlineData(1, 2, 0.5, 0.25)]
    [InlineData(0.7, 1.5, 0.3, 0.05)]
    [InlineData(2, 3, 0.5, 0.01)] // too many heights for the histograms of pairs
    public void Every_map_equals_the_definition_by_a_double_loop(double e, double h, double c, double step)
    {
        var rows = ConnectivityFolder.RandomRows(Fixels, seed: 1);
        var maps = RandomMaps(seed: 2);
        var parameters = new CfeParameters(e, h, c, step);

        var enhanced = Enhance(rows, parameters, maps);

        for (var map = 0; map < Maps; map++)
        {
            var expected = SlowCfe(rows, parameters, maps.AsSpan(map * Fixels, Fixels).ToArray());
            expected.Count(score => score > 0).ShouldBeGreaterThan(10);
            expected.Count(score => score < 0).ShouldBeGreaterThan(10);
            ShouldBeClose(enhanced.AsSpan(map * Fixels, Fixels), expected);
        }
    }

    [Fact]
    public void Strong_effects_in_all_maps_equal_the_definition()
    {
        var rows = ConnectivityFolder.RandomRows(Fixels, seed: 11);
        var random = new Random(12);
        // Some 100 heights in each: together, the histograms of all pairs have too many bins.
        var maps = Enumerable.Range(0, LowMaps.Lanes * Fixels).Select(_ => 9 + (3 * random.NextSingle())).ToArray();
        var enhanced = Enhance(rows, new(), maps);

        for (var map = 0; map < LowMaps.Lanes; map++)
            ShouldBeClose(enhanced.AsSpan(map * Fixels, Fixels), SlowCfe(rows, new(), maps.AsSpan(map * Fixels, Fixels).ToArray()));
    }

    [Fact]
    public void One_side_has_the_bits_that_it_has_with_the_other()
    {
        var rows = ConnectivityFolder.RandomRows(Fixels, seed: 13);
        var maps = RandomMaps(seed: 14);

        Enhance(rows, new(), [.. maps.Select(Upper)]).ShouldBe([.. Enhance(rows, new(), maps).Select(Upper)]);

        static float Upper(float value) => value < 0 ? 0 : value;
    }

    [Fact]
    public void A_map_has_the_same_bits_alone_and_in_every_lane()
    {
        var rows = ConnectivityFolder.RandomRows(Fixels, seed: 3);
        var maps = RandomMaps(seed: 4);
        var together = Enhance(rows, new(), maps);

        for (var map = 0; map < Maps; map++)
            Enhance(rows, new(), maps[(map * Fixels)..((map + 1) * Fixels)]).ShouldBe(together[(map * Fixels)..((map + 1) * Fixels)]);
    }

    [Fact]
    public void Maps_may_lack_statistics_at_different_fixels()
    {
        var rows = ConnectivityFolder.RandomRows(Fixels, seed: 9);
        var maps = RandomMaps(seed: 10);
        foreach (var map in (int[])[3, 4, 11, 18])
            maps[(map * Fixels) + (5 * map)] = maps[(map * Fixels) + 1 + map] = float.NaN;
        var together = Enhance(rows, new(), maps);

        for (var map = 0; map < Maps; map++)
        {
            var expected = SlowCfe(rows, new(), maps.AsSpan(map * Fixels, Fixels).ToArray());
            ShouldBeClose(together.AsSpan(map * Fixels, Fixels), expected);
        }
    }

    [Fact]
    public void The_negated_map_has_the_negated_enhancement()
    {
        var rows = ConnectivityFolder.RandomRows(Fixels, seed: 5);
        var maps = RandomMaps(seed: 6);

        Enhance(rows, new(), [.. maps.Select(value => -value)])
            .ShouldBe([.. Enhance(rows, new(), maps).Select(value => float.IsNaN(value) || value == 0 ? value : -value)]);
    }

    [Fact]
    public void Statistics_beyond_all_heights_are_finite()
    {
        var enhanced = Enhance(
            [
                [(0, 1f), (1, 0.5f)],
                [(0, 0.5f), (1, 1f)],
            ],
            new(),
            [float.PositiveInfinity, 1e30f]
        );

        enhanced.ShouldAllBe(value => value > 1e6f && float.IsFinite(value));
    }

    [Fact]
    public void In_the_steady_state_nothing_is_allocated()
    {
        using var folder = ConnectivityFolder.Of(ConnectivityFolder.RandomRows(Fixels, seed: 7));
        using var matrix = ConnectivityMatrix.Open(folder.Path, Fixels);
        using var enhancer = new CfeEnhancement(matrix, new()).CreateEnhancer();
        var maps = RandomMaps(seed: 8);
        var enhanced = new float[maps.Length];

        // The first calls compile, which may allocate once.
        Enumerable.Range(0, 4).Min(_ => AllocatedByACall()).ShouldBe(0);

        long AllocatedByACall()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            enhancer.Enhance(maps, default, enhanced);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static float[] Enhance((uint Fixel, float Value)[][] rows, CfeParameters parameters, float[] maps)
    {
        using var folder = ConnectivityFolder.Of(rows);
        using var matrix = ConnectivityMatrix.Open(folder.Path, rows.Length);
        using var enhancer = new CfeEnhancement(matrix, parameters).CreateEnhancer();
        var enhanced = new float[maps.Length];
        enhancer.Enhance(maps, default, enhanced);
        return enhanced;
    }

    private static void ShouldBeClose(ReadOnlySpan<float> found, double[] expected)
    {
        for (var fixel = 0; fixel < Fixels; fixel++)
        {
            float.IsNaN(found[fixel]).ShouldBe(double.IsNaN(expected[fixel]));
            if (!float.IsNaN(found[fixel]))
                ((double)found[fixel]).ShouldBe(expected[fixel], 1e-7 * Math.Abs(expected[fixel]));
        }
    }

    private static float[] RandomMaps(int seed)
    {
        var random = new Random(seed);
        var missing = Enumerable.Range(0, Fixels).Select(_ => random.Next(12) == 0).ToArray();
        return
        [
            .. Enumerable
                .Range(0, Maps * Fixels)
                .Select(at => missing[at % Fixels] ? float.NaN : (float)((random.NextDouble() + random.NextDouble() - 1) * 5)),
        ];
    }

    /// <summary>The definition: for each height, the connectivity to fixels above it; by sign.</summary>
    private static double[] SlowCfe((uint Fixel, float Value)[][] rows, CfeParameters parameters, float[] map)
    {
        var scores = new double[map.Length];
        for (var fixel = 0; fixel < map.Length; fixel++)
        {
            if (float.IsNaN(map[fixel]))
            {
                scores[fixel] = double.NaN;
                continue;
            }
            var sign = Math.Sign(map[fixel]);
            var row = rows[fixel]
                .Where(one => !float.IsNaN(map[one.Fixel]))
                .Select(one => (Height: sign * map[one.Fixel], Weight: Math.Pow(one.Value, parameters.C)))
                .ToList();
            // The number of heights that a statistic reaches is its quotient by the step, without its fraction.
            for (var level = 1; level <= Math.Floor(sign * map[fixel] / parameters.Step); level++)
            {
                var extent = row.Where(one => Math.Floor(one.Height / parameters.Step) >= level).Sum(one => one.Weight);
                scores[fixel] += Math.Pow(extent, parameters.E) * Math.Pow(level * parameters.Step, parameters.H);
            }
            scores[fixel] = row.Count == 0 ? 0 : sign * scores[fixel] / row.Sum(one => one.Weight);
        }
        return scores;
    }
}
