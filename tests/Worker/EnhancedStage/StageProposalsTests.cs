using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Worker.EnhancedStage;
using HpcFit.Worker.Models;
using HpcFit.Worker.Probing;

namespace HpcFit.Worker.Tests.EnhancedStage;

public sealed class StageProposalsTests : IDisposable
{
    private static readonly EnhancementSpec Tfce = new()
    {
        Enhance = EnhancementSpec.Tfce,
        TfceLike = "fsl",
        Neighbours = 6,
    };
    private readonly ShuffledStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void The_stage_has_its_units_columns_time_and_memory()
    {
        _study.AddVoxels();
        var answer = Probe(Tfce);
        var stage = answer.Stages.ShouldNotBeNull().ShouldHaveSingleItem();
        stage.Stage.ShouldBe(new("enhanced", StageAxis.Shuffles, ShuffledStudy.Shuffles));
        stage.Layout.PartialColumns.ShouldBe(["one.tfce.maximum", "one.tfce.minimum", "two.tfce.maximum", "two.tfce.minimum"]);
        stage.Layout.BytesPerBlock.ShouldBe(ShuffledStudy.Block.Bytes);
        (stage.Estimates.ElementsPerStripe, stage.Estimates.Stripes).ShouldBe((256, 2));
        stage.Estimates.SecondsPerElement.ShouldBeGreaterThan(0);
        answer
            .Layout!.Columns.Select(column => column.Name)
            .ShouldBe([
                "element_id",
                "mean",
                "n",
                "one.tfce",
                "one.p.value.perm.tfce",
                "one.p.value.fwe.tfce",
                "two.tfce",
                "two.p.value.perm.tfce",
                "two.p.value.fwe.tfce",
            ]);
        answer.Layout.PartialWidth.ShouldBe(2);
        answer.Inputs!.NeighboursDigest.ShouldNotBeNull();
    }

    /// <summary>More threads make batches faster, and then they have as many shuffles as memory allows.</summary>
    [Fact]
    public void Memory_is_that_of_the_largest_batches_however_long_a_shuffle_takes()
    {
        _study.AddVoxels();
        var answer = Probe(Tfce, ShuffledStudy.EnginesThatWait(TimeSpan.FromMilliseconds(400)));
        var estimates = answer.Stages.ShouldNotBeNull().ShouldHaveSingleItem().Estimates;
        estimates.SecondsPerElement.ShouldBeGreaterThan(0.36, "256 shuffles take more than a minute and a half");
        // Two batches of up to 256 shuffles share a pass, with the unpermuted maps and those that are enhanced.
        var maps = ((2 * 256) + 2) * sizeof(float) * (long)ShuffledStudy.Hypotheses * ShuffledStudy.Block.Elements;
        (estimates.BaseBytes - answer.Estimates!.BaseBytes).ShouldBe(maps + (3L * ShuffledStudy.Block.Bytes));
    }

    [Fact]
    public void What_is_enhanced_and_where_voxels_are_change_the_digest()
    {
        _study.AddVoxels();
        var digest = Probe(Tfce).Digest;
        Probe(Tfce with { TfceLike = "exact" }).Digest.ShouldNotBe(digest);
        Probe(Tfce with { Neighbours = 26 }).Digest.ShouldNotBe(digest);
        _study.AddVoxels(shift: 1);
        Probe(Tfce).Digest.ShouldNotBe(digest);
    }

    [Fact]
    public void Elements_without_positions_are_refused() =>
        Should.Throw<BadInputException>(() => Probe(Tfce)).Message.ShouldContain("has no table /voxels");

    private ProbeAnswer Probe(EnhancementSpec enhancement, EngineFactory? engines = null) =>
        ProbeAnswerer.Answer(
            _study.Spec with
            {
                Model = _study.Spec.Model with { Enhancement = enhancement },
            },
            engines ?? ShuffledStudy.Engines,
            StageProposals.Create
        );
}
