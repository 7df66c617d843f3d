using System.Text;
using HpcFit.Coordinator.Imaging.Exporting;
using HpcFit.Shared.Imaging.Images;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>The line by which a map describes itself fits NIfTI's field of 80 bytes and is cut between characters.</summary>
public sealed class MapLabelTests
{
    [Theory]
    [InlineData("Age.estimate", "FD ~ Age", "Age.estimate; FD ~ Age")]
    [InlineData("Age.estimate", "", "Age.estimate; analysis lm")]
    [InlineData(
        "Age.p.value.fdr",
        "FD ~ Age + sex + site + motion + s(Age, by = sex, k = 4) + ti(Age, motion)",
        "Age.p.value.fdr; FD ~ Age + sex + site + motion + s(Age, by = sex, k = 4) + ..."
    )]
    [InlineData("höhe.estimate", "FD ~ ααααααααααααααααααααααααααααααααααααα", "höhe.estimate; FD ~ ααααααααααααααααααααααααααα...")]
    public void The_short_line_keeps_what_is_shown(string what, string formula, string expected)
    {
        var label = Label(what, formula);
        label.ShortDescription.ShouldBe(expected);
        Encoding.UTF8.GetByteCount(label.ShortDescription).ShouldBeLessThan(80);
    }

    [Fact]
    public void A_name_longer_than_the_field_is_cut_as_well()
    {
        var label = Label(new string('x', 200), "FD ~ Age");
        label.ShortDescription.ShouldBe(new string('x', 76) + "...");
        label.Description.ShouldBe(new string('x', 200) + "; FD ~ Age; HpcFit 1.2, run abc");
    }

    private static MapLabel Label(string what, string formula)
    {
        AnalysisFact Fact(string name, string text) => new(name, IsList: false) { Texts = [text] };
        var facts = new[] { Fact("formula", formula), Fact("version", "1.2"), Fact("run", "abc") };
        return MapLabel.OfAnalysis("map", what, "lm", new(facts.ToDictionary(fact => fact.Name)), SampleType.Float32);
    }
}
