using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>Checks a spec against its files, fits a few pilot elements, and estimates what a run needs.</summary>
internal static class ProbeAnswerer
{
    /// <summary>The layout, inputs and estimates of a run of <paramref name="spec"/>.</summary>
    /// <exception cref="HpcFitException">The model cannot be fitted; the message gives the reason.</exception>
    public static ProbeAnswer Answer(RunSpec spec, EngineFactory engines)
    {
        using var model = RunModel.Open(spec, engines, new());
        var baseBytes = Environment.WorkingSet;
        var pieces = StripePiece.Cut(model.Elements, model.Stripes);
        var pilots = PilotFits.Measure(new([model]), pieces);
        var (patterns, sample) = MissingPatterns.Count(model, pieces);
        return new()
        {
            Digest = RunDigest.Compute(spec, model.Inputs),
            Inputs = model.Inputs,
            Layout = model.Engine.Layout,
            Files = model.Files,
            Subjects = model.Subjects,
            Checksums = [.. ReadAsAWhole(spec).Select(FileChecksum.Compute)],
            Holds = Holds(spec.Data[0].Path),
            Warnings = model.Warnings,
            Estimates = new()
            {
                ElementsPerStripe = model.Stripes.ElementsPerStripe,
                Stripes = model.Stripes.Count,
                LayoutAdvice = model.Stripes.Advice,
                SecondsPerElement = pilots.SecondsPerElement,
                SecondsPerStripe = pilots.SecondsPerStripe,
                FitSecondsPerElement = pilots.FitSecondsPerElement,
                BaseBytes = baseBytes,
                BytesPerThread = Math.Max(pilots.AllocatedBytes, StripeBytes(model)),
                MissingPatterns = patterns,
                PatternSample = sample,
                PilotElements = pilots.Elements,
                PilotsFitted = pilots.Fitted,
            },
        };
    }

    /// <summary>The input files that are read as a whole: cohorts, and a custom model's function.</summary>
    private static IEnumerable<string> ReadAsAWhole(RunSpec spec) =>
        spec.Data.Select(data => data.Phenotypes).Concat(spec.Model.Custom is { } custom ? [custom.Function] : []).Distinct();

    private static TakenNames Holds(string path)
    {
        var file = UndoJournal.ReadBetweenWrites(path, UndoJournal.Patience, () => ModelArrayFile.Open(path));
        return TakenNames.From(file);
    }

    /// <summary>Bytes of a full, inflated stripe of every scalar, and of the results of a largest block.</summary>
    private static long StripeBytes(RunModel model)
    {
        var (stripe, columns) = (model.Stripes.ElementsPerStripe, model.Engine.Layout.PartialWidth);
        var values = model.Scalars.Sum(scalar => scalar.Source.Scalar.Subjects * scalar.Source.Scalar.Type.MemorySize);
        return (stripe * values) + (Math.Min(stripe, StripeFitter.MaxElementsPerBlock(columns)) * ((columns * sizeof(double)) + 1));
    }
}
