using HpcFit.Coordinator.Running;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Tests.Running;

public sealed class NothingFittedTests
{
    [Theory]
    [InlineData(ElementStatus.TooFewSubjects, "--num-subj-lthr-abs (10)")]
    [InlineData(ElementStatus.NoResidualDegreesOfFreedom, "as many coefficients")]
    [InlineData(ElementStatus.ConstantResponse, "the same for all subjects")]
    [InlineData(ElementStatus.EmptyFactorLevel, "level of a factor")]
    [InlineData(ElementStatus.NoGroupVariance, "variance between groups")]
    [InlineData(ElementStatus.NotPermuted, "--perm-missing pattern")]
    [InlineData(ElementStatus.Separation, "separates the responses")]
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
    [InlineData("lm", null, ElementStatus.InvalidValue, "logarithm of a negative number")]
    [InlineData("lm", "Gamma", ElementStatus.InvalidValue, "outside the range of the family Gamma")]
    [InlineData("gam", null, ElementStatus.NoConvergence, "another --method")]
    [InlineData("lm", "poisson", ElementStatus.NoConvergence, "another --link")]
    public void The_advice_is_about_the_model_that_was_fitted(string engine, string? family, ElementStatus status, string advice)
    {
        using var run = new TestRun();
        var document = run.Directory.Document;
        var model = document.Spec.Model with { Engine = engine, Family = family is null ? null : FamilySpec.Parse(family, null) };
        NothingFitted
            .Find(new Dictionary<ElementStatus, long> { [status] = 3 }, document with { Spec = document.Spec with { Model = model } })
            .ShouldNotBeNull()
            .Message.ShouldContain(advice);
    }

    [Theory]
    [InlineData(null, null, "--perm-missing pattern")]
    [InlineData("exclude", null, "--perm-missing pattern")]
    [InlineData("exclude", "family", ": leave subjects with few values out (--subset).")]
    [InlineData("pattern", null, "allow none of the tests")]
    public void The_advice_is_about_what_was_requested_of_missing_subjects(string? missing, string? whole, string advice)
    {
        using var run = new TestRun();
        var document = run.Directory.Document;
        var model = document.Spec.Model with
        {
            Permutation = new() { Missing = missing, Whole = whole },
        };
        NothingFitted
            .Find(
                new Dictionary<ElementStatus, long> { [ElementStatus.NotPermuted] = 3 },
                document with
                {
                    Spec = document.Spec with { Model = model },
                }
            )
            .ShouldNotBeNull()
            .Message.ShouldContain(advice);
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
