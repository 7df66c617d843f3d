using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>The state in which a command left a run.</summary>
internal abstract record RunStep
{
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
/// <param name="Target">Where they are.</param>
/// <param name="DataFile">The data file.</param>
/// <param name="Report">The launcher's report of the run.</param>
internal sealed record WrittenRun(OutputTarget Target, string DataFile, IReadOnlyList<string> Report) : RunStep
{
    /// <inheritdoc/>
    public override IEnumerable<string> Lines() =>
        [$"already written   /results/{Target.Analysis} in {Target.OutputFile ?? DataFile}", .. Report];
}
