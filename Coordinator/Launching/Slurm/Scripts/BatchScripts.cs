using System.Globalization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Scripts;

/// <summary>The two batch scripts of a run.</summary>
internal static class BatchScripts
{
    /// <summary>The template of an array task.</summary>
    public const string JobTemplate = "job.sbatch";

    /// <summary>The template of advance and watch jobs.</summary>
    public const string AdvanceTemplate = "advance.sbatch";

    /// <summary>The script of a round's tasks. Its arguments are the first job of its array and the threads.</summary>
    public static string Job(string run, RoundId round, SlurmSettings settings) =>
        (settings.Template is { } copy ? ScriptTemplate.From(copy) : ScriptTemplate.Own(JobTemplate)).Render(
            new Dictionary<string, string>
            {
                ["environment"] = ModuleLoads.Lines(settings.Modules) + CarriedEnvironment.Exports(settings.Environment),
                ["worker"] = ShellQuoting.Quote(settings.Worker),
                ["run"] = ShellQuoting.Quote(run),
                ["round"] = round.Value.ToString(CultureInfo.InvariantCulture),
                ["options"] = settings.MetadataTimeout is { } limit
                    ? $" --metadata-timeout {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)}"
                    : "",
            }
        );

    /// <summary>The script of advance and watch jobs.</summary>
    /// <remarks>
    /// A site's template is one for tasks: its other lines (<c>module load</c>) are needed here as well, with another command.
    /// </remarks>
    public static string Advance(string run, SlurmSettings settings) =>
        (
            settings.Template is { } copy
                ? ScriptTemplate.From(copy).With("worker", "{{hpcfit}} advance {{run}}")
                : ScriptTemplate.Own(AdvanceTemplate)
        ).Render(
            new Dictionary<string, string>
            {
                ["environment"] = ModuleLoads.Lines(settings.Modules) + CarriedEnvironment.Exports(settings.Environment),
                ["hpcfit"] = ShellQuoting.Quote(settings.Coordinator),
                ["run"] = ShellQuoting.Quote(run),
            }
        );
}
