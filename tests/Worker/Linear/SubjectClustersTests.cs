using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Engines;
using HpcFit.Worker.Linear;
using HpcFit.Worker.Tests.Permutation;

namespace HpcFit.Worker.Tests.Linear;

public sealed class SubjectClustersTests
{
    [Theory]
    [InlineData("--cluster")]
    [InlineData("--variance-groups")]
    public void Subjects_without_a_group_are_warned_of(string option)
    {
        var expected =
            $"{option} family: 2 subjects without a text in 'family' are in a group of that name, as in R. "
            + "--subset \"family != ''\" leaves such subjects out.";
        Warnings(option, row => row is 3 or 5 ? "" : $"{row % 3}").ShouldContain(expected);
        Warnings(option, row => $"{row % 3}").ShouldNotContain(text => text.Contains("without a text", StringComparison.Ordinal));
    }

    /// <summary>The order of rows in the data file is another one than in the cohort's, which users know.</summary>
    [Fact]
    public void A_subject_without_a_group_is_named_as_in_the_cohort()
    {
        var groups = new TextColumn(
            "family",
            [.. Enumerable.Range(0, PermutationStudy.Subjects).Select(row => row == 4 ? null : "ab"[..(1 + (row % 2))])]
        );
        int[] reversed = [.. Enumerable.Range(0, PermutationStudy.Subjects).Reverse()];
        var cohort = PermutationStudy.Cohort.With(groups).Take(reversed);
        Should
            .Throw<BadInputException>(() => SubjectClusters.Read(cohort, "family", reversed))
            .Message.ShouldContain("the cluster 'family' of the subject 's4.mif' (row 5) is missing");
        Should
            .Throw<BadInputException>(() => SubjectClusters.Read(cohort.Without(["source_file"]), "family", reversed))
            .Message.ShouldContain("of the subject in row 5 is missing");
    }

    private static IReadOnlyList<string> Warnings(string option, Func<int, string> group)
    {
        var model = PermutationStudy.Model("Age", new() { Count = 50, VarianceGroups = "family" }, ["slope: Age"]);
        if (option == "--cluster")
            model = model with
            {
                Permutation = null,
                Hypotheses = new() { Cluster = "family" },
            };
        var groups = new TextColumn("family", [.. Enumerable.Range(0, PermutationStudy.Subjects).Select(group)]);
        return ModelEngines.Create(model, PermutationStudy.Cohort.With(groups), ["y"], "y").Warnings;
    }
}
