using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Running;

/// <summary>A model to fit.</summary>
/// <param name="Spec">What to compute.</param>
/// <param name="Target">Where the results go.</param>
internal sealed record RequestedModel(RunSpec Spec, OutputTarget Target);

/// <summary>
/// A run that passed the probe, or a batch of runs that are fitted in one pass. Nothing of it is on disk yet, unless the same run already
/// exists.
/// </summary>
/// <param name="Document">What is computed.</param>
/// <param name="Folder">Its run directory.</param>
internal sealed record ProposedRun(RunDocument Document, string Folder)
{
    private static readonly ProgramVersion Program = ProgramVersion.FromAssembly(typeof(ProposedRun).Assembly);

    /// <summary>This program's version.</summary>
    public static string Version => Program.Number;

    /// <summary>Has a worker probe a model, or several that are to be fitted in one pass.</summary>
    /// <param name="workers">The worker processes.</param>
    /// <param name="models">What to compute, and where the results will go.</param>
    /// <param name="folder">Where the run directory is to be.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
    /// <param name="token">Stops the probe.</param>
    /// <exception cref="ProbeRefusedException">A model cannot be fitted.</exception>
    public static ProposedRun Probe(
        WorkerPool workers,
        IReadOnlyList<RequestedModel> models,
        RunFolder folder,
        TimeSpan metadataTimeout,
        CancellationToken token
    )
    {
        var answer = workers.Probe(models.Select(model => model.Spec), metadataTimeout, token);
        var answers = answer.Members.Count > 0 ? answer.Members : [answer];
        foreach (var warning in answers.SelectMany(one => one.Warnings).Distinct())
            Console.Error.WriteLine($"WRN {warning}");
        var runs = models.Zip(answers, (model, one) => Single(model, one, folder, models.Count, metadataTimeout, token)).ToList();
        RefuseTwice(runs);
        RefuseOtherElements(runs);
        var pending = runs.Where(run => !run.IsWritten).ToList();
        return pending.Count switch
        {
            0 when runs.Count > 1 => runs[0] with { Members = runs, Targets = [.. runs.SelectMany(run => run.Targets)] },
            0 => runs[0],
            1 => pending[0],
            _ => Batch(pending, answer, folder),
        };
    }

    /// <summary>A run that exists, with the members of a batch.</summary>
    public static ProposedRun Existing(RunDirectory run, IReadOnlyList<OutputTarget> targets)
    {
        var members = run.Members();
        return new(run.Document, run.Root)
        {
            Targets = targets,
            Stages = StagesOf(run),
            Members =
                members.Count == 1
                    ? []
                    :
                    [
                        .. members.Zip(
                            targets,
                            (member, target) =>
                                new ProposedRun(member.Document, member.Root) { Targets = [target], Stages = StagesOf(member) }
                        ),
                    ],
        };

        static IReadOnlyList<RunDocument> StagesOf(RunDirectory run) => [.. run.FurtherStages().Select(stage => stage.Document)];
    }

    /// <summary>Whether the target already holds the results of this run, without a request to replace them.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Where the results of the models go, in their order.</summary>
    public required IReadOnlyList<OutputTarget> Targets { get; init; }

    /// <summary>The runs of a batch; empty: an ordinary run.</summary>
    public IReadOnlyList<ProposedRun> Members { get; init; } = [];

    /// <summary>The stages of this run after its fits; none for a batch, whose runs have them.</summary>
    public IReadOnlyList<RunDocument> Stages { get; init; } = [];

    /// <summary>The stages after the fits, of this run or of the runs of the batch, and where each is to be.</summary>
    public IEnumerable<(RunDirectory Folder, RunDocument Document)> AllStages() =>
        (Members.Count == 0 ? [this] : Members).SelectMany(run =>
            run.Stages.Select(stage => (RunDirectory.At(run.Folder).StageAt(stage.Stage!.Name), stage))
        );

    /// <summary>What is computed: this run, or the runs of the batch.</summary>
    public IReadOnlyList<RunDocument> Models => Members.Count == 0 ? [Document] : [.. Members.Select(member => member.Document)];

    /// <summary>The run directory if the same run already exists; null: it is new.</summary>
    /// <exception cref="BadInputException">The directory, or that of a model of a batch, holds another run.</exception>
    public RunDirectory? Find()
    {
        foreach (var member in Members)
            RunDirectory.TryOpen(member.Folder, member.Document);
        return RunDirectory.TryOpen(Folder, Document);
    }

    /// <summary>Creates the run directories, or opens those of the same runs, and records where the results go.</summary>
    public RunDirectory Create()
    {
        foreach (var member in Members)
            RunDirectory.CreateOrOpen(member.Folder, member.Document);
        var run = RunDirectory.CreateOrOpen(Folder, Document);
        foreach (var (folder, stage) in AllStages())
            EarlierStage.Continue(RunDirectory.CreateOrOpen(folder.Root, stage));
        run.WriteTargets(Targets);
        return run;
    }

    /// <summary>Where the results of each model go: the file, and the place in it.</summary>
    public IEnumerable<(string File, OutputTarget Target)> Files() =>
        Models.Zip(Targets, (model, target) => (target.OutputFile ?? model.Spec.Data[0].Path, target));

    /// <summary>One line for each model whose results are there already.</summary>
    public IEnumerable<string> WrittenLines() =>
        Members.Count == 0
            ? [WrittenResults.Line(Document, Targets[0])]
            : Members.Select(member => WrittenResults.Line(member.Document, member.Targets[0]));

    private static ProposedRun Single(
        RequestedModel model,
        ProbeAnswer answer,
        RunFolder folder,
        int count,
        TimeSpan metadataTimeout,
        CancellationToken token
    )
    {
        var (spec, target) = (model.Spec, model.Target);
        var document = new RunDocument
        {
            Digest = answer.Digest,
            Spec = spec,
            Inputs = answer.Inputs!,
            Layout = answer.Layout!,
            Estimates = answer.Estimates!,
            Files = answer.Files,
            Subjects = answer.Subjects,
            Frame = answer.Frame,
            Matrix = answer.Matrix,
            Checksums = answer.Checksums,
            Stages = answer.Stages is { } stages ? [.. stages.Select(one => one.Stage)] : null,
            Warnings = answer.Warnings,
            ProgramVersion = Version,
            ProgramCommit = Program.Commit,
            Created = DateTimeOffset.UtcNow,
        };
        var isWritten =
            !target.Overwrite
            && (
                target.OutputFile is null
                    ? WrittenResults.AreAmong(document, target, answer.Holds.Written)
                    : WrittenResults.AreThere(document, target, metadataTimeout, token)
            );
        if (!isWritten)
        {
            ResultsOfRun.RefuseNames(target, spec, answer.Holds);
            ResultsOfRun.RefuseLoss(target, metadataTimeout, token);
        }
        return new(document, folder.For(spec, document.Digest, isMember: count > 1))
        {
            IsWritten = isWritten,
            Targets = [target],
            Stages = [.. (answer.Stages ?? []).Select(stage => OfStage(document, stage))],
        };
    }

    private static RunDocument OfStage(RunDocument run, ProposedStage proposed) =>
        run with
        {
            Digest = RunDigest.ComputeStage(run.Spec, run.Inputs, proposed.Stage),
            Stage = proposed.Stage,
            Stages = null,
            Layout = proposed.Layout,
            Estimates = proposed.Estimates,
        };

    private static ProposedRun Batch(List<ProposedRun> runs, ProbeAnswer answer, RunFolder folder)
    {
        var first = runs[0].Document;
        var members = runs.Select(run => new RunMember(run.Folder, run.Document.Digest)).ToList();
        var digest = RunDigest.ComputeBatch(members);
        var document = first with
        {
            Digest = digest,
            Members = members,
            Estimates = answer.Estimates!,
            Stages = null,
            Files = answer.Files,
            Warnings = [.. runs.SelectMany(run => run.Document.Warnings).Distinct()],
        };
        return new(document, folder.For(first.Spec, digest, isMember: false))
        {
            Members = runs,
            Targets = [.. runs.SelectMany(run => run.Targets)],
        };
    }

    /// <summary>The jobs of a batch are sets of elements that all its models have.</summary>
    private static void RefuseOtherElements(List<ProposedRun> runs)
    {
        var first = runs[0].Document;
        if (runs.Find(run => run.Document.Inputs.TotalElements != first.Inputs.TotalElements) is not { Document: var other })
            return;
        throw new BadInputException(
            $"The models '{first.Spec.Model.Formula}' and '{other.Spec.Model.Formula}' cannot be fitted in one pass: their scalars have "
                + $"{first.Inputs.TotalElements:N0} and {other.Inputs.TotalElements:N0} elements. Fit them with separate commands."
        );
    }

    private static void RefuseTwice(List<ProposedRun> runs)
    {
        for (var later = 1; later < runs.Count; later++)
        {
            var earlier = runs.FindIndex(0, later, run => run.Document.Digest == runs[later].Document.Digest);
            if (earlier >= 0)
                throw new BadInputException(
                    $"Models {earlier + 1} and {later + 1} ('{runs[later].Document.Spec.Model.Formula}') compute the same numbers. "
                        + "Omit one "
                        + "of them."
                );
        }
    }
}
