using System.CommandLine;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Commands;

/// <summary>What the verbs that begin with a model share (run, plan, submit): what is computed, where it goes, how it is cut.</summary>
/// <param name="dryRun">What <c>--dry-run</c> does, for the help.</param>
internal sealed class NewRunOptions(string dryRun)
{
    private readonly ModelOptions _model = new();
    private readonly TargetOptions _target = new();
    private readonly PartitionOptions _partition = new();
    private readonly Option<string?> _folder = TextOption.Optional(
        "--run-dir",
        TextOption.Folder,
        "the run directory, where all nodes see it (default: DATA.hpcfit/RUN)",
        RefuseFile
    );
    private readonly Option<bool> _dryRun = SwitchOption.Create("--dry-run", dryRun);

    /// <summary>Adds them to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="onCluster">Whether a scheduler decides how many workers there are.</param>
    public void AddTo(Command command, bool onCluster = false)
    {
        _model.AddTo(command);
        _target.AddTo(command, isNew: true);
        _partition.AddTo(command, onCluster);
        command.Options.Add(_folder);
        command.Options.Add(_dryRun);
    }

    private static void RefuseFile(string folder)
    {
        if (File.Exists(folder))
            throw new UsageException($"--run-dir is '{folder}', which is a file; a folder was expected, new or of the same run.");
    }

    /// <summary>Whether nothing is to be made or started.</summary>
    public bool IsDryRun(ParseResult line) => line.GetValue(_dryRun);

    /// <summary>Checks what the line asks for, down to a probe of the model, before anything is made.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="token">Stops it.</param>
    /// <param name="ready">A worker that waits for the probe; null: none.</param>
    /// <exception cref="HpcFit.Shared.Failures.HpcFitException">It cannot be done; the message says what to do.</exception>
    public (ProposedRun Proposed, OutputTarget Output, Partition Cut) Propose(
        ParseResult line,
        CancellationToken token,
        AttendingWorker? ready = null
    )
    {
        var (spec, cut, output) = (_model.ToSpec(line), _partition.Read(line), _target.Read(line));
        if (IsDryRun(line))
            UndoJournal.WaitForWriter(spec.Data[0].Path, UndoJournal.Patience, token);
        else
            ResultsOfRun.RestoreInterrupted(output, spec, new($"hpcfit {line.CommandResult.Command.Name}"), token);
        ResultsOfRun.RefuseTarget(output, spec);
        return (ProposedRun.Ask(spec, line.GetValue(_folder), output, MetadataTimeoutOption.Read(line), token, ready), output, cut);
    }
}
