using System.Text.Json;
using HpcFit.Shared.Elements;
using HpcFit.Worker.Generalized;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Generalized;

/// <summary>Fits of tiles: the same bits at every register width and among any neighbours, for all cases of glm.</summary>
public sealed class ScoringKernelTests
{
    private const int Width = TileKernel.Width;

    public static TheoryData<string> CaseNames => [.. GeneralizedCases.All.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Bits_depend_on_the_element_alone(string id)
    {
        var json = GeneralizedCases.All[id];
        var engine = GeneralizedCases.Engine(json);
        if (engine.WholeCohort is not { } rows || ScoringKernel.Create<ScalarLane>(engine.Family, rows) is not { } scalar)
            return;
        int[] elements = [.. Enumerable.Range(0, Width).Select(lane => lane % GeneralizedCases.Elements)];
        int[] others = [.. Enumerable.Range(0, Width).Select(lane => ((lane * 5) + 3) % GeneralizedCases.Elements)];
        var expected = Fit(scalar, rows, json, elements);
        foreach (
            var kernel in (ScoringKernel[])
                [
                    ScoringKernel.Create<Lanes128>(engine.Family, rows)!,
                    ScoringKernel.Create<Lanes256>(engine.Family, rows)!,
                    ScoringKernel.Create(KernelChoice.Auto, engine.Family, rows)!,
                ]
        )
        {
            Same(Fit(kernel, rows, json, elements), expected, lane => lane);
            Same(Fit(kernel, rows, json, others), expected, lane => others[lane]);
        }
    }

    /// <summary>Otherwise the speed would be lost while all results stay right.</summary>
    [Fact]
    public void Ordinary_elements_are_fitted_in_tiles()
    {
        var (ordinary, fitted) = (0, 0);
        foreach (var json in GeneralizedCases.All.Values)
        {
            var engine = GeneralizedCases.Engine(json);
            if (engine.WholeCohort is not { } rows || ScoringKernel.Create(KernelChoice.Auto, engine.Family, rows) is not { } kernel)
                continue;
            var tile = Fit(kernel, rows, json, [.. Enumerable.Range(0, Width).Select(lane => lane % GeneralizedCases.Elements)]);
            // Of the elements, those without and with missing subjects; "nb_counts" vary as Poisson's do.
            foreach (var e in (int[])[0, 1])
            {
                if (json.GetProperty("status")[e].GetString() != nameof(ElementStatus.Fitted))
                    continue;
                ordinary++;
                fitted += tile.HasFit(e) ? 1 : 0;
            }
        }
        ordinary.ShouldBeGreaterThan(90);
        fitted.ShouldBeGreaterThanOrEqualTo(ordinary * 4 / 5);
    }

    private static ScoringTile Fit(ScoringKernel kernel, SharedRows rows, JsonElement json, int[] elements)
    {
        var block = GeneralizedCases.Block(json, elements);
        var tile = new ScoringTile(rows.Tables.Rank);
        kernel.Fit(new(block.Scalars.Span[0].Doubles.Span, [.. rows.Rows.Select(row => row * Width)]), tile);
        return tile;
    }

    private static void Same(ScoringTile tile, ScoringTile expected, Func<int, int> lane)
    {
        for (var l = 0; l < Width; l++)
        {
            tile.HasFit(l).ShouldBe(expected.HasFit(lane(l)));
            if (!tile.HasFit(l))
                continue;
            foreach (
                var (values, wanted) in (ReadOnlySpan<(double[], double[])>)
                    [
                        (tile.Rows, expected.Rows),
                        (tile.Coordinates, expected.Coordinates),
                        (tile.Factor, expected.Factor),
                        (tile.Deviance, expected.Deviance),
                        (tile.PearsonSquares, expected.PearsonSquares),
                        (tile.Alpha, expected.Alpha),
                        (tile.AlphaCurvature, expected.AlphaCurvature),
                    ]
            )
                for (var i = 0; i < values.Length; i += Width)
                    BitConverter.DoubleToInt64Bits(values[i + l]).ShouldBe(BitConverter.DoubleToInt64Bits(wanted[i + lane(l)]));
        }
    }
}
