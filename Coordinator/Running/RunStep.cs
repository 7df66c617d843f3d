using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>The state in which a command left a run.</summary>
internal abstract record RunStep
{
    /// <summary>The exit code of the command.</summary>
    public virtual ExitCode ExitCode => ExitCode.Success;

    /// <summary>The report to the user.</summary>
    public abstract IEnumerable<string> Lines();
}

/// <summary>A scheduler has the run's jobs, which advance it when they have ended.</summary>
/// <param name="Folder">The run directory.</param>
internal sealed record QueuedRun(string Folder) : RunStep
{
    /// <inheritdoc/>
    public override IEnumerable<string> Lines() =>
        [$"in queue   the run advances by itself; check it with: {TypedCommand.Line("status", Folder)}"];
}

/// <summary>An earlier command wrote the results; nothing was left to do.</summary>
/// <param name="Targets">Where they are.</param>
/// <param name="DataFile">The data file.</param>
/// <param name="Report">The launcher's report of the run.</param>
internal sealed record WrittenRun(IReadOnlyList<OutputTarget> Targets, string DataFile, IReadOnlyList<string> Report) : RunStep
{
    /// <inheritdoc/>
    public override IEnumerable<string> Lines() =>
        [.. Targets.Select(target => $"already written   /results/{target.Analysis} in {target.OutputFile ?? DataFile}"), .. Report];
}
