using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Probing;

namespace HpcFit.Worker.Tests.Pipeline;

public sealed class ProbeAnswererTests : IDisposable
{
    private readonly PipelineStudy _study = new();

    [Fact]
    public void The_answer_describes_the_run()
    {
        var answer = ProbeAnswerer.Answer(_study.Spec, PipelineStudy.Engines, (_, _) => null);
        answer.Inputs!.TotalElements.ShouldBe(PipelineStudy.Elements);
        answer.Digest.ShouldBe(RunDigest.Compute(_study.Spec, answer.Inputs));
        var estimates = answer.Estimates!;
        estimates.SecondsPerElement.ShouldBeInRange(1e-9, 1e-2);
        estimates.MissingPatterns.ShouldBe(2);
        estimates.PilotsFitted.ShouldBeGreaterThan(0);
        estimates.BytesPerThread.ShouldBeGreaterThan(4 * PipelineStudy.Subjects * estimates.ElementsPerStripe);
    }

    [Fact]
    public void Elements_that_are_tried_twice_count_once()
    {
        var estimates = ProbeAnswerer
            .Answer(_study.Spec with { Elements = [new(40, 43)] }, PipelineStudy.Engines, (_, _) => null)
            .Estimates!;
        (estimates.PilotElements, estimates.PilotsFitted).ShouldBe((3, 3));
    }

    [Fact]
    public void Wrong_specs_are_refused_by_name()
    {
        Refusal(_study.Spec with { Elements = [new(0, PipelineStudy.Elements + 1)] }).ShouldContain("30000 elements");
        Refusal(_study.Spec with { Elements = [new(0, 10), new(5, 6)] }).ShouldContain("more than once");
        Refusal(_study.Spec with { Model = _study.Spec.Model with { NumSubjLthrAbs = 40 } }).ShouldContain("No element can be fitted");
        Refusal(_study.Spec with { Model = _study.Spec.Model with { Formula = "FDC ~ age" } }).ShouldContain("Did you mean 'FD'?");
        Should
            .Throw<BadInputException>(() => ProbeAnswerer.Answer(_study.Spec, ModelEngines.Create, (_, _) => null))
            .Message.ShouldContain("fits no model 'mean'");
    }

    public void Dispose() => _study.Dispose();

    private static string Refusal(RunSpec spec) =>
        Should.Throw<BadInputException>(() => ProbeAnswerer.Answer(spec, PipelineStudy.Engines, (_, _) => null)).Message;
}
