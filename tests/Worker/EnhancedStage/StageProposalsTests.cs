using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Worker.EnhancedStage;
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
        stage.Estimates.BaseBytes.ShouldBeGreaterThan(sizeof(float) * 256L * 2 * ShuffledStudy.Block.Elements);
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

    private ProbeAnswer Probe(EnhancementSpec enhancement) =>
        ProbeAnswerer.Answer(
            _study.Spec with
            {
                Model = _study.Spec.Model with { Enhancement = enhancement },
            },
            ShuffledStudy.Engines,
            StageProposals.Create
        );
}
