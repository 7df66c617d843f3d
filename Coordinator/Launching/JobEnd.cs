using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>How the worker process of a job ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="Status">The process's exit status; 128 + n when signal n ended it.</param>
/// <param name="LastWords">The end of what it wrote to standard error.</param>
internal sealed record JobEnd(Job Job, int Status, string LastWords)
{
    private const int SignalBase = 128;

    private static readonly Dictionary<int, string> Signals = new() { [6] = "SIGABRT", [9] = "SIGKILL", [11] = "SIGSEGV", [15] = "SIGTERM" };

    /// <summary>Whether the worker did all of it. What counts in the end is coverage, not this.</summary>
    public bool Succeeded => Status == (int)ExitCode.Success;

    /// <summary>Whether trying again cannot help: the worker refused its input in words.</summary>
    public bool IsRefusal => Status is (int)ExitCode.BadInput or (int)ExitCode.Usage or (int)ExitCode.Busy;

    /// <summary>For the user: job, cause, last words.</summary>
    public override string ToString() => $"Job {Job.Id} (elements {Job.Elements}) {Cause}." + (LastWords.Length > 0 ? $" It said:\n{LastWords}" : "");

    private string Cause => Status <= SignalBase
        ? $"ended with exit code {Status} ({(Enum.IsDefined((ExitCode)Status) ? (ExitCode)Status : "unknown")})"
        : $"was ended by {Signals.GetValueOrDefault(Status - SignalBase, $"signal {Status - SignalBase}")}"
            + (Status - SignalBase == 9 ? " (killed by hand or by the kernel for want of memory: see dmesg)" : "");
}
