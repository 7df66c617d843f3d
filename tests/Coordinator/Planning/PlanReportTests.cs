using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Coordinator.Tests.Planning;

public sealed class PlanReportTests
{
    [Theory]
    [InlineData("accurate", false)]
    [InlineData("davies", true)]
    public void Smooth_p_values_that_are_not_accurate_are_told(string evaluation, bool isTold) =>
        Lines(
                new()
                {
                    Engine = "gam",
                    Formula = "FD ~ s(Age)",
                    Gam = new() { SmoothPValues = evaluation },
                }
            )
            .Any(line => line.Contains("Davies", StringComparison.Ordinal))
            .ShouldBe(isTold);

    [Fact]
    public void Variables_are_reported_again_after_a_model_of_other_subjects()
    {
        var (all, some) = (WithFrame(50), WithFrame(40));
        Of([all, all, some, all])
            .Where(line => line.StartsWith("subjects", StringComparison.Ordinal) || line.StartsWith("variable", StringComparison.Ordinal))
            .Select(line => line[.."variable   Age".Length])
            .ShouldBe(["subjects used:", "variable   Age", "subjects used:", "variable   Age", "subjects used:", "variable   Age"]);
    }

    [Fact]
    public void Permutation_tests_are_reported_with_what_their_p_values_can_be()
    {
        var layout = new PermutationLayout(
            [new("slope", 0, true, 1, 40, 0), new("site.F", 1, false, 2, 40, 0), new("mean", 2, true, 1, 40, 1)],
            [new(PermutationSpec.Exchangeable, 5000, false, 363.7), new(PermutationSpec.Symmetric, 32, true, Math.Log(32))]
        );
        Permuted(layout)
            .ShouldBe([
                "shuffles   5,000 permutations of about 10^157 possible ones for slope, site.F; least p 0.0002, a p of 0.05 is estimated "
                    + "as 0.044 to 0.056",
                "shuffles   all 32 sign flips for mean; least p 0.0625, exact",
                "warning    no p-value of mean can be below 0.05: too few shuffles of these subjects give different statistics",
            ]);
        Permuted(new([new("a", 0, true, 1, 40, 0)], [new(PermutationSpec.Both, 10, false, double.NaN)]))
            .ShouldBe([
                "shuffles   10 signed permutations of the file for a; least p 0.1, a p of 0.05 is estimated as 0 to 0.185",
                "warning    no p-value of a can be below 0.05: give a --permutations-file with more shuffles",
            ]);
        Permuted(new([new("a", 0, true, 1, 40, 0)], [new(PermutationSpec.Exchangeable, 1000, false, Math.Log(3628800))]))[0]
            .ShouldStartWith("shuffles   1,000 permutations of 3,628,800 possible ones for a; least p 0.001,");
        Permuted(
            new(
                [
                    new("a", 0, true, 1, 40, 0) { Alternative = PermutationSpec.Less },
                    new("b", 1, true, 1, 40, 0) { Alternative = PermutationSpec.Less },
                    new("site.F", 2, false, 2, 40, 0),
                ],
                [new(PermutationSpec.Exchangeable, 5000, false, 363.7)]
            )
        )[1]
            .ShouldBe("one-sided  a, b: p-values by permutation are of effects below 0; .p.value stays two-sided");
    }

    [Fact]
    public void Least_p_values_that_differ_are_reported_test_by_test() =>
        Permuted(
                new(
                    [
                        new("ab", 0, true, 1, 4, 0) { Unchanged = 64 },
                        new("ac", 1, true, 1, 4, 0) { Unchanged = 64 },
                        new("group.F", 2, false, 3, 4, 0) { Unchanged = 2304 },
                    ],
                    [new(PermutationSpec.Exchangeable, 40320, true, Math.Log(40320))]
                )
            )
            .ShouldBe([
                "shuffles   all 40,320 permutations for ab, ac, group.F; least p 0.00159 of ab, ac and 0.0571 of group.F, exact",
                "warning    no p-value of group.F can be below 0.05: too few shuffles of these subjects give different statistics",
            ]);

    private static List<string> Permuted(PermutationLayout tests)
    {
        var document = Document(new() { Engine = "lm", Formula = "FD ~ Age" });
        return
        [
            .. Of([document with { Layout = document.Layout with { Permutation = tests } }])
                .Where(line =>
                    line.StartsWith("shuffles", StringComparison.Ordinal)
                    || line.StartsWith("one-sided", StringComparison.Ordinal)
                    || line.StartsWith("warning", StringComparison.Ordinal)
                ),
        ];
    }

    private static RunDocument WithFrame(int used) =>
        Document(new() { Engine = "lm", Formula = "FD ~ Age" }) with
        {
            Frame = new()
            {
                Used = used,
                SubjectsInCohort = 50,
                Selected = used,
                Variables = [new() { Name = "Age", Type = VariableType.Numeric }],
            },
        };

    private static IEnumerable<string> Lines(ModelSpec model) => Of([Document(model)]);

    private static IEnumerable<string> Of(IReadOnlyList<RunDocument> models) =>
        PlanReport.Lines(
            models[0],
            [.. models.Select(model => (model, "a"))],
            "run",
            models[0].ElementSet(),
            new(1, 30, 3, TimeSpan.Zero, TimeSpan.Zero, 1),
            new()
        );

    private static RunDocument Document(ModelSpec model) =>
        new()
        {
            Digest = "0123456789abcdef",
            Spec = new() { Model = model, Data = [] },
            Inputs = new()
            {
                NumericVersion = 1,
                TotalElements = 30,
                Scalars = [],
                CohortDigest = "",
            },
            Layout = new(["p"], [new("element_id", ResultSource.ElementId), new("p", ResultSource.Partial, 0)]),
            Estimates = new()
            {
                ElementsPerStripe = 10,
                Stripes = 3,
                SecondsPerElement = 1,
                BaseBytes = 1,
                BytesPerThread = 1,
            },
            Files = [],
            ProgramVersion = "0",
            Created = DateTimeOffset.UnixEpoch,
        };
}
