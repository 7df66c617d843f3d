using System.CommandLine;
using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Coordinator.Monitoring;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Options.Runs;

/// <summary>Which batch scheduler a run uses.</summary>
internal sealed class SchedulerOptions
{
    private readonly Option<string?> _scheduler = ChoiceOption.Optional(
        "--scheduler",
        "the batch scheduler: slurm or sge (default: slurm, or that of the run)",
        RoundLauncher.Cluster,
        DescriptionFile.GridEngine
    );
    private readonly Option<string?> _spec = TextOption.Optional(
        "--scheduler-spec",
        TextOption.File,
        "a description of another scheduler, such as deploy/schedulers/pbspro.json (docs/schedulers.md)"
    );
    private readonly Option<string[]> _words = TextOption.Repeated(
        "--submit-option",
        "OPTION",
        "an additional word of the submitting command of other schedulers than Slurm, such as --submit-option=-V; may be repeated"
    );

    /// <summary>Adds all options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_scheduler, _spec, _words])
            command.Options.Add(option);
    }

    /// <summary>Whether a scheduler was named.</summary>
    public bool IsTyped(ParseResult line) => Option(line) is not null;

    /// <summary>The described scheduler that the run uses; null: Slurm.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="recorded">The settings of the run's earlier submission; null: none.</param>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    public SchedulerDescription? Read(ParseResult line, SchedulerSettings? recorded)
    {
        var (name, spec) = (line.GetValue(_scheduler), line.GetValue(_spec));
        if (name is not null && spec is not null)
            throw new UsageException($"{_scheduler.Name} and {_spec.Name} are alternatives; give one of them.");
        return spec is not null ? DescriptionFile.Read(spec)
            : name is null ? recorded?.Scheduler
            : name == RoundLauncher.Cluster ? null
            : recorded?.Scheduler is { } known && known.Name == name ? known
            : DescriptionFile.OfGridEngine();
    }

    /// <summary>The additional words; null: not given.</summary>
    public IReadOnlyList<string>? SubmitOptions(ParseResult line) =>
        line.GetResult(_words) is { Implicit: false } ? line.GetValue(_words) : null;

    /// <summary>Refuses options of other schedulers for a run on Slurm.</summary>
    /// <exception cref="UsageException">One was given.</exception>
    public void RefuseForSlurm(ParseResult line)
    {
        if (SubmitOptions(line) is not null)
            throw new UsageException($"{_words.Name} is for other schedulers than Slurm: use --sbatch-option, or add {_scheduler.Name}.");
    }

    /// <summary>Refuses these options for a run that is fitted on this machine.</summary>
    /// <exception cref="UsageException">One was given.</exception>
    public void RefuseTyped(ParseResult line)
    {
        if (Option(line) is { } typed)
            throw new UsageException($"{typed} applies to jobs of a batch scheduler. Omit it, or --launcher local.");
    }

    private string? Option(ParseResult line) =>
        ((Option[])[_scheduler, _spec, _words]).FirstOrDefault(option => line.GetResult(option) is { Implicit: false })?.Name;
}
