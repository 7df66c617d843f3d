using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>How the worker process of a job ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="Unit">What its elements are called, in the singular.</param>
/// <param name="Status">The process's exit status; 128 + n when signal n ended it.</param>
/// <param name="OutputTail">The end of what it wrote to standard error.</param>
/// <param name="KilledForMemory">Whether the kernel killed a process for memory meanwhile.</param>
internal sealed record JobEnd(Job Job, string Unit, int Status, string OutputTail, bool KilledForMemory)
{
    private const int SignalBase = 128;
    private const int Abort = 6;
    private const int Kill = 9;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [4] = "SIGILL",
        [Abort] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [Kill] = "SIGKILL",
        [11] = "SIGSEGV",
        [15] = "SIGTERM",
        [24] = "SIGXCPU",
    };

    /// <summary>What it means for the job.</summary>
    public JobOutcomeKind Ending =>
        Status <= SignalBase
            ? JobOutcomeKinds.FromExitCode((ExitCode)Status)
            : (Status - SignalBase) switch
            {
                Kill => KilledForMemory ? JobOutcomeKind.OutOfMemory : JobOutcomeKind.Killed,
                // The runtime aborts with these words when the machine refuses memory.
                Abort when OutputTail.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) => JobOutcomeKind.OutOfMemory,
                1 or 2 or 15 => JobOutcomeKind.Cancelled,
                24 => JobOutcomeKind.TimeLimit,
                _ => JobOutcomeKind.Crashed,
            };

    /// <summary>For the user: cause and last words.</summary>
    public string Detail => $"{Cause}." + (OutputTail.Length > 0 ? $" Its output ends with:\n{OutputTail}" : "");

    /// <inheritdoc/>
    public override string ToString() => $"job {Job.Id} ({Unit}s {Job.Elements}) {Detail}";

    private string Cause =>
        Status <= SignalBase
            ? $"ended with exit code {Status} ({(Enum.IsDefined((ExitCode)Status) ? (ExitCode)Status : "unknown")})"
            : $"was ended by {Signals.GetValueOrDefault(Status - SignalBase, $"signal {Status - SignalBase}")}"
                + (Status - SignalBase, KilledForMemory) switch
                {
                    (Kill, true) => ": the kernel killed it because memory ran out",
                    (Kill, false) => ", by hand or for a reason that the kernel does not report",
                    _ => "",
                };
}
