using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Shared.Specs.Documents;

/// <summary>What the probe measured on a few pilot elements.</summary>
public sealed record ProbeEstimates
{
    /// <summary>Elements from one stripe boundary to the next; boundaries are its multiples. Jobs are divided there.</summary>
    public required long ElementsPerStripe { get; init; }

    /// <summary>Stripes of the whole file.</summary>
    public required long Stripes { get; init; }

    /// <summary>Advice about a layout that is inefficient for this work; null: none is needed.</summary>
    public string? LayoutAdvice { get; init; }

    /// <summary>Seconds one thread needs for one element: its share of reading and inflating a stripe, plus its fit.</summary>
    public required double SecondsPerElement { get; init; }

    /// <summary>
    /// Seconds one thread needs to read and inflate a stripe, included in <see cref="SecondsPerElement"/>: what it costs to cut work
    /// inside a stripe. Null in runs of earlier versions, which are cut at stripe borders only.
    /// </summary>
    public double? SecondsPerStripe { get; init; }

    /// <summary>Seconds one thread needs to fit one element that has been read; null in runs of earlier versions.</summary>
    public double? FitSecondsPerElement { get; init; }

    /// <summary>Resident memory of a worker before its threads start, in bytes.</summary>
    public required long BaseBytes { get; init; }

    /// <summary>Memory in bytes that each thread adds: a stripe of every scalar, inflated and stored, and a fitter's workspace.</summary>
    public required long BytesPerThread { get; init; }

    /// <summary>Distinct patterns of missing subjects seen in the sample.</summary>
    public long MissingPatterns { get; init; }

    /// <summary>Elements examined for <see cref="MissingPatterns"/>: those of up to eight stripes spread evenly over the run.</summary>
    public long PatternSample { get; init; }

    /// <summary>The number of pilot elements on which a fit was attempted.</summary>
    public int PilotElements { get; init; }

    /// <summary>Pilot elements whose fit gave values. 0 deserves a warning: nothing near the pilots can be fitted.</summary>
    public int PilotsFitted { get; init; }
}

/// <summary>What <c>hpcfit-worker probe</c> writes to standard output as JSON: either <see cref="Error"/> or everything else.</summary>
public sealed record ProbeAnswer
{
    /// <summary>Why the model cannot be fitted; null when it can.</summary>
    public string? Error { get; init; }

    /// <summary>The probe's exit code.</summary>
    public ExitCode ExitCode { get; init; }

    /// <summary>The answers for each of several models; empty if one model was probed. The other members are then the first model's, but
    /// for the estimates, which are those of all of them in one pass.</summary>
    public IReadOnlyList<ProbeAnswer> Members { get; init; } = [];

    /// <summary>The run's digest.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The inputs that the digest covers besides the spec.</summary>
    public RunInputs? Inputs { get; init; }

    /// <summary>The result columns.</summary>
    public ResultLayout? Layout { get; init; }

    /// <summary>The stages after the fits; null: none.</summary>
    public IReadOnlyList<ProposedStage>? Stages { get; init; }

    /// <summary>Estimates of time and memory.</summary>
    public ProbeEstimates? Estimates { get; init; }

    /// <summary>Warnings to show before the run.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The names already used in the file that results go into.</summary>
    public TakenNames Holds { get; init; } = new([], []);

    /// <summary>The state of the input files before they were read.</summary>
    public IReadOnlyList<FileFacts> Files { get; init; } = [];

    /// <summary>The subjects that the model can use.</summary>
    public RunSubjects? Subjects { get; init; }

    /// <summary>The subjects and variables as the model understands them.</summary>
    public ModelFrame? Frame { get; init; }

    /// <summary>The model matrix; null if no contrast, test or effect size was requested.</summary>
    public ModelMatrix? Matrix { get; init; }

    /// <summary>Checksums of the cohorts and of a custom model's function.</summary>
    public IReadOnlyList<FileChecksum> Checksums { get; init; } = [];
}
