using HpcFit.Coordinator.Reporting.Findings;
using HpcFit.Coordinator.Tests.Tables;
using HpcFit.Coordinator.Tests.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Surfaces;
using ElementTables = HpcFit.Coordinator.Imaging.Converting.ElementTables;

namespace HpcFit.Coordinator.Tests.Reporting.Findings;

/// <summary>Peaks and clusters of voxels, and of vertices over the edges of their surface.</summary>
public sealed class PeakTests
{
    private const string Left = "CIFTI_STRUCTURE_CORTEX_LEFT";

    /// <summary>A strip of 20 vertices in two rows, folded in the middle so that its ends touch: 5 mm along each edge.</summary>
    private static readonly Surface Strip = new(
        "strip.gii",
        [
            .. Enumerable
                .Range(0, 20)
                .SelectMany(v => (double[])[v / 2 < 5 ? 5 * (v / 2) : 5 * (9 - (v / 2)), v / 2 < 5 ? 0 : 1, 5 * (v % 2)]),
        ],
        [.. Enumerable.Range(0, 18).SelectMany(v => (int[])[v, v + 1, v + 2])]
    );

    [Fact]
    public void A_voxel_next_to_a_stronger_one_is_no_peak()
    {
        // Ten voxels of 4 mm in a row, ever weaker: the third is 8 mm from the first, but part of its slope.
        double[] p = [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-5, 1e-6, 1e-5, 1e-4];
        using var file = new ResultFile(Columns(p), Voxels(10));
        using var table = file.Open();
        var term = Term.ReadAll(table).ShouldHaveSingleItem();

        Peaks.Find(term, ElementSpace.Read(table, StructureSurfaces.None), 0.05).ShouldBe([0, 7]);
    }

    [Theory]
    [InlineData("Age.p.value.fdr Age.p.value.perm Age.p.value.perm.fdr Age.p.value.fwe", "Age.p.value.fwe")]
    [InlineData("Age.p.value.fdr Age.p.value.fwe.all Age.p.value.fwe", "Age.p.value.fwe.all")]
    [InlineData("Age.p.value.fwe.gpd Age.p.value.fwe Age.p.value.fwe.tfce.gpd Age.p.value.fwe.tfce", "Age.p.value.fwe.tfce")]
    [InlineData("Age.p.value.fwe.gpd Age.p.value.fdr", "Age.p.value.fwe.gpd")]
    [InlineData("Age.p.value.holm Age.p.value.fdr", "Age.p.value.holm")]
    public void Findings_are_decided_by_the_family_wise_error_where_permutations_control_it(string names, string decisive)
    {
        using var file = new ResultFile([
            ("Age.p.value", [0.01]),
            .. names.Split(' ').Select(name => (name, new[] { name == decisive ? 0.04 : 0.03 })),
        ]);
        using var table = file.Open();
        var term = Term.ReadAll(table).ShouldHaveSingleItem();
        (term.Decisive.Name, term.Decisions[0]).ShouldBe((decisive, 0.04));
        term.IsFamilyWise.ShouldBe(decisive.Contains("fwe"));
    }

    [Fact]
    public void Elements_that_the_same_number_of_shuffles_exceeds_are_ordered_by_the_enhanced_statistic()
    {
        double[] p = [1e-9, 1e-8, 1e-7];
        using var file = new ResultFile([
            .. Columns(p),
            ("Age.tfce", [10, -900, 500]),
            ("Age.p.value.fwe", [0.002, 0.002, 0.002]),
            ("Age.p.value.fwe.tfce", [0.002, 0.002, 0.002]),
        ]);
        using var table = file.Open();
        var term = Term.ReadAll(table).ShouldHaveSingleItem();
        int[] rows = [0, 1, 2];
        rows.OrderBy(term.Strength).ShouldBe([1, 2, 0]);
        term.FamilyWise.Select(one => one.Name).ShouldBe(["Age.p.value.fwe"]);
    }

    /// <summary>Nothing is found, and the strongest effect is of the side that is not tested.</summary>
    [Theory]
    [InlineData("greater", "1 2 0")]
    [InlineData("less", "0 1 2")]
    [InlineData("two-sided", "0 1 2")]
    public void Elements_of_a_test_of_one_side_are_ordered_on_that_side(string side, string order)
    {
        using var file = new ResultFile(
            [.. Columns([1e-9, 1e-8, 1e-7]), ("Age.z", [-6, 5.5, 5]), ("Age.p.value.fwe", [0.7, 0.7, 0.7])],
            ResultFile.Sides(("Age", side))
        );
        using var table = file.Open();
        int[] rows = [0, 1, 2];
        string.Join(' ', rows.OrderBy(Term.ReadAll(table).ShouldHaveSingleItem().Strength)).ShouldBe(order);
    }

    [Theory]
    [InlineData("two-sided", "largest |Age.statistic|", 5, 0.75)]
    [InlineData("greater", "largest Age.statistic", 4, 1)]
    [InlineData("less", "least Age.statistic", -5, 0.5)]
    public void Null_maxima_are_those_of_the_tested_side(string side, string name, double observed, double p)
    {
        double[] maxima = [4, 5, 6, 1, 4, 3, 4.5, 5.5]; // four shuffles, both signs each
        var stored = DatasetContent.Held("/results/lm/null_maxima", ElementType.Float64, [4, 1, 2], WrittenFile.Bytes(maxima)) with
        {
            Attributes = [AttributeContent.Texts("columns", ["Age.statistic"]), AttributeContent.Texts("signs", ["positive", "negative"])],
        };
        using var file = new ResultFile(Columns([0.1]), ResultFile.Sides(("Age", side)), stored);
        using var table = file.Open();
        var read = NullMaxima.Read(table, "Age").ShouldHaveSingleItem();
        (read.Name, read.Observed, read.P).ShouldBe((name, observed, p));
    }

    [Fact]
    public void Neighbours_of_the_other_sign_do_not_hide_a_peak()
    {
        double[] p = [1e-9, 0.9, 0.9, 1e-7, 1e-8, 0.9];
        using var file = new ResultFile(Columns(p, [1, 1, 1, 1, -1, 1]), Voxels(6, edge: 9));
        using var table = file.Open();
        var term = Term.ReadAll(table).ShouldHaveSingleItem();
        var space = ElementSpace.Read(table, StructureSurfaces.None);

        Peaks.Find(term, space, 0.05).ShouldBe([0, 4, 3]);
        Cluster
            .Find(term, space, 0.05)
            .Select(cluster => cluster.Rows)
            .ShouldBe(
                [
                    [0],
                    [3],
                    [4],
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public void Vertices_are_neighbours_over_edges_and_not_across_a_fold()
    {
        // Both ends of the strip are below the threshold; they are 1 mm apart, but 45 mm along the edges.
        double[] p = [1e-9, 1e-8, 1e-7, 1e-6, .. Enumerable.Repeat(0.5, 12), 1e-5, 1e-6, 1e-7, 1e-8];
        using var file = new ResultFile(Columns(p), Greyordinates([Left, .. Enumerable.Repeat(Left, 19)]), Positions(20));
        using var table = file.Open(Surfaces(Strip));
        var term = Term.ReadAll(table).ShouldHaveSingleItem();
        var space = ElementSpace.Read(table, Surfaces(Strip));

        Peaks.Find(term, space, 0.05).ShouldBe([0, 19]);
        var clusters = Cluster.Find(term, space, 0.05);
        clusters
            .Select(cluster => cluster.Rows)
            .ShouldBe(
                [
                    [0, 1, 2, 3],
                    [16, 17, 18, 19],
                ],
                ignoreOrder: true
            );
        // Triangles of 12.5 mm²: the cluster has all of the first and the second, 2/3 of the third, 1/3 of the fourth.
        space.AreaOf(clusters[0].Rows).ShouldBe(12.5 * 3, 1e-9);
        ResultFile.Values(table, "x_mm")[..4].ShouldBe([0, 0, 5, 5]);
        space.Neighbourhood.ShouldBe("vertices that share an edge of the surface");
    }

    [Fact]
    public void Without_surfaces_vertices_have_no_clusters_and_voxels_of_other_structures_are_no_neighbours()
    {
        double[] p = [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4];
        string[] structures = [Left, Left, "THALAMUS", "THALAMUS", "CAUDATE", "CAUDATE"];
        using var file = new ResultFile(Columns(p), Greyordinates(structures), Positions(2, voxels: 4));
        using var table = file.Open();
        var term = Term.ReadAll(table).ShouldHaveSingleItem();
        var space = ElementSpace.Read(table, StructureSurfaces.None);

        Cluster
            .Find(term, space, 0.05)
            .Select(cluster => cluster.Rows)
            .ShouldBe(
                [
                    [2, 3],
                    [4, 5],
                ],
                ignoreOrder: true
            );
        // Vertices without positions are all listed; of the voxels those that no stronger one is next to, 8 mm apart.
        Peaks.Find(term, space, 0.05).ShouldBe([0, 1, 2, 4]);
    }

    private static StructureSurfaces Surfaces(Surface surface) => StructureSurfaces.Create((Left, surface));

    private static (string, double[])[] Columns(double[] p, double[]? estimates = null) =>
        [
            ("element_id", [.. Enumerable.Range(0, p.Length).Select(row => (double)row)]),
            ("Age.estimate", estimates ?? [.. p.Select(_ => 1.0)]),
            ("Age.p.value", p),
        ];

    private static DatasetContent Voxels(int count, double edge = 4)
    {
        long[] ids = [.. Enumerable.Range(0, count).Select(id => (long)id)];
        var table = ElementTables.Integers("/voxels", ("voxel_id", ids), ("i", ids), ("j", new long[count]), ("k", new long[count]));
        return table with { Attributes = [.. table.Attributes, Affine(edge)] };
    }

    private static AttributeContent Affine(double edge) =>
        AttributeContent.Numbers("affine", [edge, 0, 0, 0, 0, edge, 0, 0, 0, 0, edge, 0, 0, 0, 0, 1]) with
        {
            Shape = [4, 4],
        };

    private static DatasetContent Greyordinates(string[] structures)
    {
        List<string> names = [.. structures.Distinct()];
        var table = ElementTables.Integers(
            "/greyordinates",
            ("vertex_id", [.. Enumerable.Range(0, structures.Length).Select(id => (long)id)]),
            ("structure_id", [.. structures.Select(name => (long)names.IndexOf(name))])
        );
        return table with { Attributes = [.. table.Attributes, AttributeContent.Texts("structure_names", names), Affine(4)] };
    }

    /// <summary>Vertices 0, 1, …, then voxels in a row.</summary>
    private static DatasetContent Positions(int vertices, int voxels = 0)
    {
        long[] Column(Func<int, long> vertex, Func<int, long> voxel) =>
            [.. Enumerable.Range(0, vertices).Select(vertex), .. Enumerable.Range(0, voxels).Select(voxel)];
        return ElementTables.Integers(
            "/greyordinate_positions",
            ("vertex", Column(v => v, _ => -1)),
            ("i", Column(_ => -1, v => v)),
            ("j", Column(_ => -1, _ => 0)),
            ("k", Column(_ => -1, _ => 0))
        );
    }
}
