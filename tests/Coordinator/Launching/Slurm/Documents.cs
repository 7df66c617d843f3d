using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tests.Launching.Slurm;

/// <summary>Run documents without a data file.</summary>
internal static class Documents
{
    public static RunDocument OfElements(long elements)
    {
        var spec = new RunSpec
        {
            Model = new() { Engine = "lm", Formula = "FD ~ Age" },
            Data = [new("/data/study.h5", "/data/cohort.csv")],
        };
        var inputs = new RunInputs
        {
            NumericVersion = 1,
            TotalElements = elements,
            Scalars = [new("FD", "00")],
            CohortDigest = "00",
        };
        return new()
        {
            Digest = RunDigest.Compute(spec, inputs),
            Spec = spec,
            Inputs = inputs,
            Layout = new(["a.estimate"], [new("a.estimate", ResultSource.Partial, 0)]),
            Estimates = new()
            {
                ElementsPerStripe = 10,
                Stripes = elements / 10,
                SecondsPerElement = 0.001,
                BaseBytes = 50_000_000,
                BytesPerThread = 10_000_000,
            },
            Files = [],
            ProgramVersion = "test",
            Created = DateTimeOffset.UnixEpoch,
        };
    }
}
