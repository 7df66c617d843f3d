using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Specs;

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
