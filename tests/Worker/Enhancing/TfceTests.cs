using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Enhancing.Neighbourhoods;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Tests.Enhancing;

public sealed class TfceTests
{
    private const double Float32 = 6.1e-8; // results are rounded to float32

    public static TheoryData<string, int, double, double> Forms()
    {
        var forms = new TheoryData<string, int, double, double>();
        foreach (var form in Enum.GetNames<TfceForm>())
        {
            forms.Add(form, 6, 0.5, 2);
            forms.Add(form, 18, 0.5, 2);
            forms.Add(form, 26, 1, 2);
            forms.Add(form, 6, 0.7, 1.3);
        }
        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Each_form_equals_its_definition_by_flood_fill(string name, int neighbours, double e, double h)
    {
        var form = new TfceParameters(Enum.Parse<TfceForm>(name), e, h);
        var space = new RandomMaps(edge: 7, seed: neighbours);
        var fill = new FloodFill(space.Cells, neighbours);
        using var enhancer = new TfceEnhancement(space.Neighbours((VoxelContact)neighbours), form).CreateEnhancer();
        var unpermuted = MapPeaks.Find(space.Map());
        for (var shuffle = 0; shuffle < 4; shuffle++)
        {
            var map = space.Map(missing: shuffle * 0.1);
            var enhanced = new float[map.Length];

            enhancer.Enhance(map, unpermuted, enhanced);

            var expected = SlowTfce.Enhance(fill, map, form, unpermuted);
            expected.Count(score => score > 0).ShouldBeGreaterThan(20);
            expected.Count(score => score < 0).ShouldBeGreaterThan(20);
            ShouldEqual(enhanced, expected);
        }
    }

    [Fact]
    public void The_steps_of_the_other_forms_converge_to_the_integral()
    {
        var space = new RandomMaps(edge: 7, seed: 1);
        var (map, peaks) = (space.Map(), default(MapPeaks));
        var exact = Enhanced(space, map, new(TfceForm.Exact), peaks);
        var steps = Enhanced(space, map, new(TfceForm.MRtrix, Step: 1e-3), peaks);

        for (var element = 0; element < map.Length; element++)
            (steps[element] * 1e-3).ShouldBe(exact[element], (0.01 * Math.Abs(exact[element])) + 0.01);
    }

    [Fact]
    public void The_negated_map_has_the_negated_enhancement()
    {
        var space = new RandomMaps(edge: 8, seed: 3);
        var map = space.Map(missing: 0.1);
        var peaks = MapPeaks.Find(map);
        float[] negated = [.. map.Select(value => -value)];
        foreach (var form in Enum.GetValues<TfceForm>())
        {
            Enhanced(space, negated, new(form), MapPeaks.Find(negated))
                .ShouldBe([.. Enhanced(space, map, new(form), peaks).Select(value => float.IsNaN(value) ? value : -value)]);
        }
    }

    [Fact]
    public void Elements_without_a_statistic_have_none_and_connect_nothing()
    {
        // Five voxels in a row, the third outside the analysis.
        var row = new VoxelCells([0, 1, 2, 3, 4], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]).FindNeighbours(VoxelContact.Corner);
        using var enhancer = new TfceEnhancement(row, new(TfceForm.Exact, E: 1, H: 1)).CreateEnhancer();
        var enhanced = new float[5];

        enhancer.Enhance([2, 1, float.NaN, 2, 0], default, enhanced);

        enhanced.ShouldBe([2 * 0.5f + 1.5f, 2 * 0.5f, float.NaN, 2, 0]);
    }

    [Fact]
    public void Infinite_statistics_have_finite_scores()
    {
        var pair = new VoxelCells([0, 1], [0, 0], [0, 0]).FindNeighbours(VoxelContact.Face);
        foreach (var form in Enum.GetValues<TfceForm>())
        {
            using var enhancer = new TfceEnhancement(pair, new(form)).CreateEnhancer();
            var enhanced = new float[2];

            enhancer.Enhance([float.PositiveInfinity, float.NegativeInfinity], new(3, -3), enhanced);

            enhanced[0].ShouldBeGreaterThan(1e6f);
            enhanced[0].ShouldBeLessThanOrEqualTo(float.MaxValue);
            enhanced[1].ShouldBe(-enhanced[0]);
        }
    }

    [Fact]
    public void Fsl_has_no_scale_where_the_unpermuted_map_has_no_positive_statistic()
    {
        var space = new RandomMaps(edge: 5, seed: 9);
        var map = space.Map();

        var enhanced = Enhanced(space, map, new(TfceForm.Fsl), new(0, -4));

        enhanced.Where((_, element) => map[element] > 0).ShouldAllBe(value => value == 0);
        enhanced.ShouldContain(value => value < 0);
    }

    [Fact]
    public void In_the_steady_state_nothing_is_allocated()
    {
        var space = new RandomMaps(edge: 8, seed: 5);
        var map = space.Map();
        var enhanced = new float[map.Length];
        foreach (var form in Enum.GetValues<TfceForm>())
        {
            using var enhancer = new TfceEnhancement(space.Neighbours(VoxelContact.Face), new(form)).CreateEnhancer();
            // The first calls compile, which may allocate once.
            Enumerable.Range(0, 4).Min(_ => AllocatedBy(enhancer)).ShouldBe(0, form.ToString());
        }

        long AllocatedBy(IEnhancer enhancer)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            enhancer.Enhance(map, MapPeaks.Find(map), enhanced);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static float[] Enhanced(RandomMaps space, float[] map, TfceParameters form, MapPeaks unpermuted)
    {
        using var enhancer = new TfceEnhancement(space.Neighbours(VoxelContact.Face), form).CreateEnhancer();
        var enhanced = new float[map.Length];
        enhancer.Enhance(map, unpermuted, enhanced);
        return enhanced;
    }

    private static void ShouldEqual(float[] enhanced, double[] expected)
    {
        for (var element = 0; element < expected.Length; element++)
        {
            if (double.IsNaN(expected[element]))
                float.IsNaN(enhanced[element]).ShouldBeTrue();
            else
                ((double)enhanced[element]).ShouldBe(expected[element], Float32 * Math.Abs(expected[element]));
        }
    }
}
