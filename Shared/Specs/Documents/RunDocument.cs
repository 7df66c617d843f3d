using System.Text.Json.Serialization;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Shared.Specs.Documents;

/// <summary>The members that every format of <c>run.json</c> has: enough to identify one that this program does not read.</summary>
/// <param name="Format">The format; null if the document does not contain one.</param>
/// <param name="ProgramVersion">The version of the program that made the run.</param>
internal sealed record DocumentHead(int? Format, string? ProgramVersion);

/// <summary>A run of a batch.</summary>
/// <param name="Folder">Its run directory, absolute.</param>
/// <param name="Digest">Its digest.</param>
public sealed record RunMember(string Folder, string Digest);

/// <summary>The content of <c>run.json</c>: written once, never changed.</summary>
public sealed record RunDocument
{
    /// <summary>
    /// The format this program writes, and the only one it reads. 1 had digests by SHA-256 and partials without digests of what was read.
    /// </summary>
    public const int CurrentFormat = 2;

    /// <summary>The format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary><see cref="RunDigest.Compute"/> of <see cref="Spec"/> and <see cref="Inputs"/>: the run's name.</summary>
    public required string Digest { get; init; }

    /// <summary>What is computed.</summary>
    public required RunSpec Spec { get; init; }

    /// <summary>What the numbers depend on besides the spec.</summary>
    public required RunInputs Inputs { get; init; }

    /// <summary>The result columns.</summary>
    public required ResultLayout Layout { get; init; }

    /// <summary>What the probe measured; plans are made from it.</summary>
    public required ProbeEstimates Estimates { get; init; }

    /// <summary>
    /// The runs whose models are fitted in one pass over their data, at the same elements: this run is a batch, computes nothing of its
    /// own, and only divides their work into jobs. Empty: an ordinary run.
    /// </summary>
    public IReadOnlyList<RunMember> Members
    {
        get;
        init => field = value ?? []; // absent in documents of earlier versions
    } = [];

    /// <summary>The stages after the fits, in their order; null: none.</summary>
    public IReadOnlyList<RunStage>? Stages { get; init; }

    /// <summary>The stage that this document describes; null: it is that of the run itself, whose units are elements.</summary>
    public RunStage? Stage { get; init; }

    /// <summary>Whether blocks are used as a whole or not at all.</summary>
    [JsonIgnore]
    public bool BlocksAreWhole => Stage?.Axis == StageAxis.Shuffles;

    /// <summary>What one unit of the work is called, in the singular.</summary>
    [JsonIgnore]
    public string UnitName => Stage?.UnitName ?? RunStage.NameOfUnit(StageAxis.Elements);

    /// <summary>The state of the input files before the probe read them.</summary>
    public required IReadOnlyList<FileFacts> Files { get; init; }

    /// <summary>The subjects that the model can use; null: not recorded by the version that made the run.</summary>
    public RunSubjects? Subjects { get; init; }

    /// <summary>The subjects and variables as the model understands them; null: an earlier version made the run.</summary>
    public ModelFrame? Frame { get; init; }

    /// <summary>The model matrix; null if no contrast, test or effect size was requested.</summary>
    public ModelMatrix? Matrix { get; init; }

    /// <summary>Checksums of the cohorts and of a custom model's function, as the probe read them.</summary>
    public IReadOnlyList<FileChecksum> Checksums
    {
        get;
        init => field = value ?? []; // absent in documents of earlier versions
    } = [];

    /// <summary>Warnings about the model and its files, reported before the run and again after it.</summary>
    public IReadOnlyList<string> Warnings
    {
        get;
        init => field = value ?? []; // absent in documents of earlier versions
    } = [];

    /// <summary>The version of the program that made the run.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>
    /// The commit from which that program was built, with <c>-dirty</c> if its sources had been changed; null: unknown.
    /// </summary>
    public string? ProgramCommit { get; init; }

    /// <summary>When the run was made, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The digest that this run or stage, which is no batch, has with some inputs.</summary>
    public string DigestFor(RunInputs inputs) =>
        Stage is null ? RunDigest.Compute(Spec, inputs) : RunDigest.ComputeStage(Spec, inputs, Stage);

    /// <summary>Refuses a document whose content does not match its digest.</summary>
    /// <exception cref="BadInputException">It was edited, or written by a version that computes digests differently.</exception>
    public void RefuseEdited(string path)
    {
        if ((Members.Count > 0 ? RunDigest.ComputeBatch(Members) : DigestFor(Inputs)) == Digest)
            return;
        throw new BadInputException(
            $"'{path}' does not match its digest {Digest[..12]}: it was edited, or another version of HpcFit "
                + $"({ProgramVersion}) wrote it. "
                + "Results of the two would not belong together. Restore the old content, or start a new run."
        );
    }

    /// <summary>
    /// The units that the rounds compute, as a set: the elements of a run (those of the spec, or all of the file), the shuffles of a
    /// stage.
    /// </summary>
    public ElementSet ElementSet() =>
        Stage is { } stage ? HpcFit.Shared.Elements.ElementSet.From(0, stage.Units)
        : Spec.Elements.Count == 0 ? HpcFit.Shared.Elements.ElementSet.From(0, Inputs.TotalElements)
        : HpcFit.Shared.Elements.ElementSet.From(Spec.Elements);
}
