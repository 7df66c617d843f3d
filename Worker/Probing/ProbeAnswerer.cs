using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Probing;

/// <summary>Checks a spec against its files, fits a few pilot elements, and estimates what a run needs.</summary>
internal static class ProbeAnswerer
{
    /// <summary>The layout, inputs and estimates of a run of <paramref name="spec"/>.</summary>
    /// <exception cref="HpcFitException">The model cannot be fitted; the message gives the reason.</exception>
    public static ProbeAnswer Answer(RunSpec spec, EngineFactory engines, StageFinder stages)
    {
        using var model = RunModel.Open(spec, engines, new());
        return Answer(model, Environment.WorkingSet, PilotFits.DefaultBudget, stages);
    }

    /// <summary>
    /// The same for several models that are to be fitted in one pass: an answer for each, with its own estimates, and estimates of the
    /// pass.
    /// </summary>
    /// <exception cref="HpcFitException">One of the models cannot be fitted; the message names it and the reason.</exception>
    public static ProbeAnswer Answer(IReadOnlyList<RunSpec> specs, EngineFactory engines, StageFinder stages)
    {
        using var opened = RunModels.Open([.. specs.Select(spec => (spec, (ResultLayout?)null))], engines, new());
        var baseBytes = Environment.WorkingSet;
        var members = opened.Models.Select(model => Answer(model, baseBytes, PilotFits.DefaultBudget / specs.Count, stages)).ToList();
        var passes = ModelPass.Group(opened.Models).Select(pass => Estimates(pass, baseBytes)).ToList();
        return members[0] with
        {
            Members = members,
            Files = [.. members.SelectMany(member => member.Files).DistinctBy(file => file.Path)],
            Estimates = members[0].Estimates! with
            {
                SecondsPerElement = passes.Sum(pass => pass.SecondsPerElement),
                SecondsPerStripe = passes.Sum(pass => pass.SecondsPerStripe),
                FitSecondsPerElement = passes.Sum(pass => pass.FitSecondsPerElement),
                BaseBytes = baseBytes,
                BytesPerThread = passes.Max(pass => pass.BytesPerThread),
            },
        };
    }

    private static ProbeAnswer Answer(RunModel model, long baseBytes, double budget, StageFinder stages)
    {
        var spec = model.Spec;
        var pieces = StripePiece.Cut(model.Elements, model.Stripes);
        var pilots = PilotFits.Measure(new([model]), pieces, budget);
        var (patterns, sample) = MissingPatterns.Count(model, pieces);
        var ofMissing = model.Engine.JudgeMissing(sample);
        var estimates = new ProbeEstimates
        {
            ElementsPerStripe = model.Stripes.ElementsPerStripe,
            Stripes = model.Stripes.Count,
            LayoutAdvice = model.Stripes.Advice,
            SecondsPerElement = pilots.SecondsPerElement,
            SecondsPerStripe = pilots.SecondsPerStripe,
            FitSecondsPerElement = pilots.FitSecondsPerElement,
            BaseBytes = baseBytes,
            BytesPerThread = Math.Max(pilots.AllocatedBytes, StripeBytes(new([model]))),
            MissingPatterns = patterns,
            PatternSample = sample.Examined,
            PilotElements = pilots.Elements,
            PilotsFitted = pilots.Fitted,
        };
        var further = stages(model, estimates);
        return new()
        {
            Digest = RunDigest.Compute(spec, model.Inputs),
            Inputs = model.Inputs,
            Layout = (further?.Layout ?? model.Engine.Layout) with { Permutation = model.Engine.DeclareTests() },
            Stages = further?.Stages,
            Files = model.Files,
            Subjects = model.Subjects,
            Frame = model.Frame,
            Matrix = model.Engine.Matrix,
            Checksums = [.. ReadAsAWhole(spec).Select(FileChecksum.Compute)],
            Holds = Holds(spec.Data[0].Path),
            Warnings = [.. model.Warnings, .. further?.Warnings ?? [], .. ofMissing is null ? (string[])[] : [ofMissing]],
            Estimates = estimates,
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

    /// <summary>What one pass of several models costs.</summary>
    private static ProbeEstimates Estimates(ModelPass pass, long baseBytes)
    {
        var pilots = PilotFits.Measure(pass, StripePiece.Cut(pass.Models[0].Elements, pass.Stripes), PilotFits.DefaultBudget);
        return new()
        {
            ElementsPerStripe = pass.Stripes.ElementsPerStripe,
            Stripes = pass.Stripes.Count,
            SecondsPerElement = pilots.SecondsPerElement,
            SecondsPerStripe = pilots.SecondsPerStripe,
            FitSecondsPerElement = pilots.FitSecondsPerElement,
            BaseBytes = baseBytes,
            BytesPerThread = Math.Max(pilots.AllocatedBytes, StripeBytes(pass)),
        };
    }

    /// <summary>Bytes of a full, inflated stripe of every scalar, and of the results of a largest block.</summary>
    private static long StripeBytes(ModelPass pass)
    {
        var (stripe, columns) = (pass.Stripes.ElementsPerStripe, pass.Models.Sum(model => model.Engine.Layout.PartialWidth));
        var sources = pass.Models.SelectMany(model => model.Scalars).Select(scalar => scalar.Source).Distinct();
        var values = sources.Sum(source => source.Scalar.Subjects * source.Scalar.Type.MemorySize);
        return (stripe * values) + (Math.Min(stripe, StripeFitter.MaxElementsPerBlock(columns)) * ((columns * sizeof(double)) + 1));
    }
}
