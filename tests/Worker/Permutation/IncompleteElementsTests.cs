using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>What is said before a fit about elements at which subjects are missing.</summary>
public class IncompleteElementsTests
{
    [Theory]
    [InlineData(null, 100, 95, 5)]
    [InlineData("exclude", 100, 1, 99)]
    [InlineData("pattern", 100, 0, 100)]
    [InlineData("exclude", 100, 0, 0)] // no values at all, which is not about single subjects
    public void Enough_complete_elements_are_not_worth_a_word(string? missing, int examined, int complete, int incomplete) =>
        Judge(missing, examined, complete, incomplete, isWhole: true).ShouldBeNull();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Too_many_incomplete_elements_need_a_request(bool isWhole) =>
        Refusal(null, 100, 94, 6, isWhole)
            .ShouldSatisfyAllConditions(
                message => message.ShouldContain("6 of 100 sampled elements (6 %)"),
                message => message.ShouldContain("--perm-missing exclude")
            );

    [Theory]
    [InlineData("exclude", 100)]
    [InlineData(null, 100)]
    [InlineData(null, 3000)] // the others have no values
    public void A_run_without_a_complete_element_is_refused_with_what_helps(string? missing, int examined)
    {
        var message = Refusal(missing, examined, 0, 100, isWhole: true);
        message.ShouldContain("A subject is missing at every one of the 100 elements with values");
        message.ShouldContain("nothing is left to test");
        message.ShouldContain("Missing most often: 's2.mif' (row 3) at 100 %, 's0.mif' (row 1) at 50 %, 's4.mif' (row 5) at 50 %.");
        message.ShouldContain("--perm-missing pattern");
        message.ShouldContain("--subset");
        message.ShouldNotContain("Add --perm-missing exclude");
    }

    [Theory]
    [InlineData("exclude", 100)]
    [InlineData(null, 3000)]
    public void A_sample_without_a_complete_element_is_a_warning(string? missing, int examined)
    {
        var warning = Judge(missing, examined, 0, 100, isWhole: false).ShouldNotBeNull();
        warning.ShouldContain("every one of the 100 sampled elements with values");
        warning.ShouldContain("nothing may be left to test");
        warning.ShouldContain("--perm-missing pattern");
    }

    [Fact]
    public void A_sample_without_a_complete_element_needs_a_request_like_others() =>
        Refusal(null, 100, 0, 100, isWhole: false).ShouldContain("nothing may be left to test");

    /// <summary>It would be refused.</summary>
    [Fact]
    public void Patterns_are_not_advised_to_blocks_that_are_exchanged_as_a_whole() =>
        Should
            .Throw<BadInputException>(() => Judge(new PermutationSpec { Whole = "pair" }, 100, 0, 100, isWhole: true))
            .Message.ShouldEndWith("Leave such subjects out (--subset).");

    [Fact]
    public void Subjects_of_weight_0_may_be_missing()
    {
        var weights = new NumericColumn("w", [.. Enumerable.Range(0, PermutationStudy.Subjects).Select(row => row == 3 ? 0.0 : 1)], true);
        var model = PermutationStudy.Model("Age", new() { Count = 50 }, ["slope: Age"]) with { Weights = "w" };
        var engine = PermutationEngine.Create(model, PermutationStudy.Cohort.With(weights), ["y"], "y");
        engine.CompleteRows.Count.ShouldBe(PermutationStudy.Subjects);
        engine.FittedRows.ShouldBe(Enumerable.Range(0, PermutationStudy.Subjects).Where(row => row != 3));
    }

    private static string Refusal(string? missing, int examined, int complete, int incomplete, bool isWhole) =>
        Should.Throw<BadInputException>(() => Judge(missing, examined, complete, incomplete, isWhole)).Message;

    private static string? Judge(string? missing, int examined, int complete, int incomplete, bool isWhole) =>
        Judge(new PermutationSpec { Missing = missing }, examined, complete, incomplete, isWhole);

    /// <summary>Subject 2 is missing at all of the incomplete elements, and subjects 0, 4 and 5 at half of them.</summary>
    private static string? Judge(PermutationSpec spec, int examined, int complete, int incomplete, bool isWhole)
    {
        long[] missingAt = [incomplete / 2, 0, incomplete, 0, incomplete / 2, incomplete / 2];
        return IncompleteElements.Judge(spec, PermutationStudy.Cohort, new(examined, complete, incomplete, missingAt, isWhole));
    }
}
