using HpcFit.Coordinator.Running;
using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Tests.Running;

public sealed class NothingFittedTests
{
    [Theory]
    [InlineData(ElementStatus.TooFewSubjects, "--num-subj-lthr-abs (10)")]
    [InlineData(ElementStatus.NoResidualDegreesOfFreedom, "as many coefficients")]
    [InlineData(ElementStatus.ConstantResponse, "the same for all subjects")]
    [InlineData(ElementStatus.EmptyFactorLevel, "level of a factor")]
    [InlineData(ElementStatus.NoConvergence, "another --method")]
    [InlineData(ElementStatus.UserCodeFailed, "hpcfit element")]
    [InlineData(ElementStatus.CorruptChunk, "user guide")]
    public void A_run_without_a_fit_is_refused_with_what_to_look_at(ElementStatus status, string advice)
    {
        using var run = new TestRun();
        var refusal = NothingFitted
            .Find(new Dictionary<ElementStatus, long> { [status] = 1100, [ElementStatus.InvalidValue] = 2 }, run.Directory.Document)
            .ShouldNotBeNull();
        refusal.Message.ShouldContain($"1,100 {status} (status {(int)status}), 2 InvalidValue (status 11)");
        refusal.Message.ShouldContain(advice);
    }

    [Theory]
    [InlineData(ElementStatus.Fitted)]
    [InlineData(ElementStatus.RankDeficient)]
    public void One_fit_is_enough(ElementStatus status)
    {
        using var run = new TestRun();
        NothingFitted
            .Find(
                new Dictionary<ElementStatus, long>
                {
                    [status] = 1,
                    [ElementStatus.TooFewSubjects] = 1000,
                    [ElementStatus.NotInRun] = 5,
                },
                run.Directory.Document
            )
            .ShouldBeNull();
    }
}
