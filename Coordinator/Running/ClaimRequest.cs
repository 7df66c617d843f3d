using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Running;

/// <summary>How a command takes claims that others may hold, and whether it writes results whose inputs have changed.</summary>
/// <param name="What">The command, recorded in the claim for others: <c>hpcfit run</c>.</param>
/// <param name="TakeOver"><c>--take-over</c>: the user asserts that the holder is dead.</param>
/// <param name="Jobs">What the scheduler knows about holders on other nodes; null: no scheduler.</param>
/// <param name="AcceptsChangedInputs"><c>--accept-changed-inputs</c>: the user asserts that the results are still valid.</param>
internal sealed record ClaimRequest(string What, bool TakeOver = false, IJobLiveness? Jobs = null, bool AcceptsChangedInputs = false)
{
    /// <summary>Takes a claim of a run and removes temporary files that killed commands left in its directory.</summary>
    /// <exception cref="BusyException">It has a holder that is not proven dead.</exception>
    public Claim Take(string path)
    {
        var claim = Claim.Take(path, What, Jobs, TakeOver);
        var root = Path.GetDirectoryName(path)!;
        foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Append(root))
            TemporaryFile.RemoveAbandonedIn(folder);
        return claim;
    }
}
