using System.Text.Json;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Shared.Tests.Specs;

/// <summary>Run directories of versions that tested both sides only.</summary>
public sealed class PermutationSpecTests
{
    [Fact]
    public void Without_an_alternative_both_sides_are_tested()
    {
        JsonSerializer
            .Deserialize("""{ "count": 500, "seed": 1, "method": "dekker" }""", RunJson.Default.PermutationSpec)!
            .ShouldBe(new() { Count = 500, Method = PermutationSpec.Dekker });
        var (t, f) = (Read(isSigned: true), Read(isSigned: false));
        (t.Side, SideWords.From(t)).ShouldBe((TestedSide.Both, "two-sided"));
        (f.Side, SideWords.From(f)).ShouldBe((TestedSide.Upper, "one-sided"));
        JsonSerializer.Serialize(t, RunJson.Default.PermutedHypothesis).ShouldNotContain("ide");
    }

    [Theory]
    [InlineData(PermutationSpec.Greater, TestedSide.Upper, -3)]
    [InlineData(PermutationSpec.Less, TestedSide.Lower, 3)]
    [InlineData(null, TestedSide.Both, 3)]
    public void The_side_survives_the_run_directory(string? alternative, TestedSide side, double extremeness)
    {
        var text = JsonSerializer.Serialize(
            new PermutedHypothesis("age", 3, true, 1, 20, 0) { Alternative = alternative },
            RunJson.Default.PermutedHypothesis
        );
        var read = JsonSerializer.Deserialize(text, RunJson.Default.PermutedHypothesis)!;
        (read.Side, read.Extremeness(-3), SideWords.Parse(SideWords.From(read))).ShouldBe((side, extremeness, side));
        double.IsNaN(read.Extremeness(double.NaN)).ShouldBeTrue();
    }

    private static PermutedHypothesis Read(bool isSigned) =>
        JsonSerializer.Deserialize(
            $$"""{ "name": "age", "statisticColumn": 3, "isSigned": {{(isSigned ? "true" : "false")}}, "df1": 1, "df2": 20, "list": 0 }""",
            RunJson.Default.PermutedHypothesis
        )!;
}
