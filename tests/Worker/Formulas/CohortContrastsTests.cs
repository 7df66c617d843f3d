using HpcFit.Worker.Formulas.Evaluation;

namespace HpcFit.Worker.Tests.Formulas;

/// <summary>Contrasts that a cohort sets on its factors.</summary>
public class CohortContrastsTests
{
    private static readonly string[] Levels = ["a", "b", "c"];

    [Fact]
    public void A_matrix_codes_the_levels_with_its_names()
    {
        var contrast = Contrast.From(
            new(
                null,
                [
                    [0.5, 2, -1],
                    [3, 1, 1],
                ],
                ["early", "late"]
            )
        )!;
        var (columns, names) = contrast.Code(Levels);
        names.ShouldBe(["early", "late"]);
        columns[0].ShouldBe([0.5, 2, -1]);
        columns[1].ShouldBe([3, 1, 1]);
        contrast.RName.ShouldBe("matrix");
        contrast.Reference(Levels).ShouldBeNull();
    }

    [Fact]
    public void A_name_is_the_function() => Contrast.From(new("contr.sum", [], []))!.ShouldBe(Contrast.Named("contr.sum"));

    [Fact]
    public void A_factor_that_loses_a_level_loses_its_contrasts()
    {
        var factor = new FactorValue([0, 1, 1, 0], Levels, Contrast: Contrast.Named("contr.sum"));
        Factors.DropUnused(factor, [0, 1, 2, 3]).Contrast.ShouldBeNull();
    }
}
