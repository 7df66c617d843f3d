using HpcFit.Shared.Claims;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Running;

/// <summary>On which grounds a command takes a claim that somebody else holds, and writes results whose inputs have changed.</summary>
/// <param name="What">The command, as the claim tells others: <c>hpcfit run</c>.</param>
/// <param name="TakeOver"><c>--take-over</c>: the user's word that the holder is dead.</param>
/// <param name="Jobs">The scheduler's word about holders on other nodes; null: none.</param>
/// <param name="AcceptsChangedInputs"><c>--accept-changed-inputs</c>: the user's word that the results still hold.</param>
internal sealed record ClaimRequest(string What, bool TakeOver = false, IJobLiveness? Jobs = null, bool AcceptsChangedInputs = false)
{
    /// <summary>Takes a claim of a run, and removes what killed commands left unfinished in its directory.</summary>
    /// <exception cref="HpcFit.Shared.Failures.BusyException">A holder who is not proven dead has it.</exception>
    public Claim Take(string path)
    {
        var claim = Claim.Take(path, What, Jobs, TakeOver);
        var root = Path.GetDirectoryName(path)!;
        foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Append(root))
            TemporaryFile.RemoveAbandonedIn(folder);
        return claim;
    }
}
