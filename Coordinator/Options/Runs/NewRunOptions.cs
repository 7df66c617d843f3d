using System.CommandLine;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Running;
using HpcFit.Shared.Claims;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using Microsoft.Extensions.DependencyInjection;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>
/// The options of the verbs that start a run (run, plan, submit): the model, the target of results, the division into jobs.
/// </summary>
/// <param name="models">The command lines of the models.</param>
/// <param name="dryRun">The description of <c>--dry-run</c>.</param>
internal sealed class NewRunOptions(ModelLines models, string dryRun)
{
    private readonly ModelOptions _model = new();
    private readonly TargetOptions _target = new();
    private readonly PartitionOptions _partition = new();
    private readonly Option<string?> _folder = TextOption.Optional(
        "--run-dir",
        TextOption.Folder,
        "the run directory, on a file system that all nodes share (default: DATA.hpcfit/RUN)",
        RefuseFile
    );
    private readonly Option<string?> _scratch = TextOption.Optional(
        "--scratch",
        TextOption.Folder,
        "make the run directory in this folder, which all nodes share, under the run's name",
        RefuseFile
    );
    private readonly Option<bool> _dryRun = SwitchOption.Create("--dry-run", dryRun);

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="onCluster">Whether a scheduler determines the number of workers.</param>
    public void AddTo(Command command, bool onCluster = false)
    {
        _model.AddTo(command);
        _target.AddTo(command, isNew: true);
        _partition.AddTo(command, onCluster);
        command.Options.Add(_folder);
        command.Options.Add(_scratch);
        command.Options.Add(_dryRun);
    }

    private static void RefuseFile(string folder)
    {
        if (File.Exists(folder))
            throw new UsageException($"'{folder}' is a file; a new folder or that of the same run was expected.");
    }

    /// <summary>Whether <c>--dry-run</c> was given: nothing is created or started.</summary>
    public bool IsDryRun(ParseResult line) => line.GetValue(_dryRun);

    /// <summary>Checks the requested run, including a probe of the model, before anything is created.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="services">The verb's services, among them the workers that probe.</param>
    /// <param name="token">Cancels the checks.</param>
    /// <exception cref="HpcFitException">The run is not possible; the message gives the cause and the
    /// remedy.</exception>
    public (ProposedRun Proposed, Partition Cut) Propose(ParseResult line, IServiceProvider services, CancellationToken token)
    {
        var requested = Requested(line);
        var (spec, output) = (requested[0].Spec, requested[0].Target);
        if (IsDryRun(line))
            UndoJournal.WaitForWriter(spec.Data[0].Path, UndoJournal.Patience, token);
        else
            ResultsOfRun.RestoreInterrupted(output, spec, new($"hpcfit {line.CommandResult.Command.Name}"), token);
        ResultsOfRun.RefuseTarget(output, spec);
        var workers = services.GetRequiredService<WorkerPool>();
        var proposed = ProposedRun.Probe(workers, requested, Folder(line), MetadataTimeoutOption.Read(line), token);
        return (proposed, _partition.Read(line));
    }

    /// <summary>The lines of a dry run's plan about where the options came from.</summary>
    public IEnumerable<string> Sources() => models.Sources.Lines();

    private RunFolder Folder(ParseResult line)
    {
        var (own, scratch) = (line.GetValue(_folder), line.GetValue(_scratch));
        return own is not null && scratch is not null
            ? throw new UsageException($"{_folder.Name} and {_scratch.Name} are alternatives; give one of them.")
            : new(own, scratch);
    }

    /// <summary>What is to be fitted, and where the results go.</summary>
    private List<RequestedModel> Requested(ParseResult first)
    {
        var lines = models.Parse(first);
        var requested = lines.Select((line, index) => Requested(line, index + 1)).ToList();
        if (requested.GroupBy(model => model.Target.Analysis).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException(
                $"{twice.Count()} of the {lines.Count} models would be written to the analysis '{twice.Key}'. Give each its own "
                    + $"{TargetOptions.AnalysisName}, or one with a placeholder: 'model_{{n}}', 'lm_{{scalar}}'."
            );
        return requested;
    }

    private RequestedModel Requested(ParseResult line, int number)
    {
        var (spec, target) = (_model.ToSpec(line), _target.Read(line));
        return new(spec, target with { Analysis = ModelLines.NameFor(target.Analysis, number, spec.Model.Scalar) });
    }
}
