using HpcFit.Coordinator.Imaging.Exporting;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Imaging;

public sealed class MapNamingTests
{
    private static readonly string[] Enhanced =
    [
        "element_id",
        "Age.estimate",
        "old-young.estimate",
        "old-young.statistic",
        "old-young.z",
        "old-young.p.value",
        "old-young.p.value.perm",
        "old-young.p.value.fwe",
        "old-young.p.value.perm.fdr",
        "old-young.tfce",
        "old-young.p.value.perm.tfce",
        "old-young.p.value.fwe.tfce",
    ];

    private static readonly string[] Several =
    [
        "a.statistic",
        "a.p.value.perm",
        "a.p.value.fwe",
        "a.b.statistic",
        "a.b.p.value.fwe",
        "site.F.statistic",
        "site.F.p.value.fwe",
    ];

    [Fact]
    public void MRtrix_has_one_statistic_the_enhanced_one() =>
        Names(MapNames.MRtrix, Enhanced)
            .ShouldBe([
                "element_id",
                "Age.estimate",
                "abs_effect",
                "tvalue",
                "Zstat",
                "old-young.p.value",
                "old-young.1m.p.value",
                "old-young.p.value.neglog10",
                "old-young.p.value.perm",
                "old-young.1m.p.value.perm",
                "old-young.p.value.perm.neglog10",
                "old-young.p.value.fwe",
                "old-young.1m.p.value.fwe",
                "old-young.p.value.fwe.neglog10",
                "old-young.p.value.perm.fdr",
                "old-young.1m.p.value.perm.fdr",
                "old-young.p.value.perm.fdr.neglog10",
                "tfce",
                "uncorrected_pvalue",
                "fwe_1mpvalue",
            ]);

    [Fact]
    public void Randomise_names_the_statistic_that_was_tested() =>
        Names(MapNames.Fsl, [.. Enhanced.Where(name => name is not "old-young.p.value" and not "old-young.p.value.perm.fdr")])
            .ShouldBe([
                "element_id",
                "Age.estimate",
                "cope_tstat1",
                "tstat1",
                "z_tstat1",
                "vox_p_tstat1",
                "vox_corrp_tstat1",
                "tfce_tstat1",
                "tfce_p_tstat1",
                "tfce_corrp_tstat1",
            ]);

    [Fact]
    public void Several_hypotheses_are_numbered_by_their_kind()
    {
        Names(MapNames.MRtrix, Several)
            .ShouldBe([
                "tvalue_t1",
                "uncorrected_pvalue_t1",
                "fwe_1mpvalue_t1",
                "tvalue_t2",
                "fwe_1mpvalue_t2",
                "Fvalue_F1",
                "fwe_1mpvalue_F1",
            ]);
        Names(MapNames.Fsl, Several)
            .ShouldBe(["tstat1", "vox_p_tstat1", "vox_corrp_tstat1", "tstat2", "vox_corrp_tstat2", "fstat1", "vox_corrp_fstat1"]);
    }

    [Theory]
    [InlineData(MapNames.MRtrix)]
    [InlineData(MapNames.Fsl)]
    public void P_values_are_shown_as_these_programs_show_them(object names)
    {
        var maps = MapNaming.Maps((MapNames)names, Several, [0, 1, 2], "analysis");

        maps.Select(map => map.Value).ShouldBe([MapValue.Itself, MapValue.OneMinus, MapValue.OneMinus]);
    }

    [Fact]
    public void Without_permutations_there_are_no_names_of_other_programs() =>
        Should
            .Throw<BadInputException>(() => MapNaming.Maps(MapNames.Fsl, ["Age.estimate", "Age.p.value"], [0], "The analysis 'lm'"))
            .Message.ShouldContain("The analysis 'lm' has no p-values by permutation");

    private static IEnumerable<string> Names(MapNames names, string[] columns) =>
        MapNaming.Maps(names, columns, Enumerable.Range(0, columns.Length), "analysis").Select(map => map.Name);
}
