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

    private static IEnumerable<string> Lines(ModelSpec model)
    {
        var document = new RunDocument
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
        return PlanReport.Lines(
            document,
            [(document, "a")],
            "run",
            document.ElementSet(),
            new(1, 30, 3, TimeSpan.Zero, TimeSpan.Zero, 1),
            new()
        );
    }
}
