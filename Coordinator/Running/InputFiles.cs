using HpcFit.Coordinator.Launching;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// Verifies that a run's inputs are those that its results were fitted from. Files whose recorded identity matches count as unchanged;
/// otherwise a worker compares their contents.
/// </summary>
internal static class InputFiles
{
    /// <summary>Refuses inputs that differ from those that the run's results were fitted from.</summary>
    /// <param name="run">The run.</param>
    /// <param name="claims">Whether the user accepts changed inputs.</param>
    /// <param name="token">Stops it.</param>
    /// <returns>The differences that the user accepts; none when there are none.</returns>
    /// <exception cref="BadInputException">An input differs; the message names it.</exception>
    /// <exception cref="BusyException">A data file is being written.</exception>
    public static IReadOnlyList<string> RefuseChanged(RunDirectory run, ClaimRequest claims, CancellationToken token)
    {
        if (AreUnchanged(run))
            return [];
        var answer = WorkerAnswer.From(["check", "--run", run.Root], RunJson.Default.InputCheckAnswer, token);
        if (answer.Error is { } error)
            throw new ProbeRefusedException(error, answer.ExitCode);
        if (answer.Differences.Count == 0)
        {
            run.WriteVerifiedInputs(new(answer.Files));
            return [];
        }
        if (claims.AcceptsChangedInputs)
            return answer.Differences;
        throw new BadInputException(
            $"The inputs of '{run.Root}' are not those that its results were fitted from. Differences: "
                + $"{string.Join("; ", answer.Differences)}. Nothing was written. Restore the original inputs, or fit "
                + "the current ones in another run directory (--run-dir). If you know that the results are still valid, repeat the command "
                + "with --accept-changed-inputs, which is recorded with the results."
        );
    }

    /// <summary>
    /// Records the identity of a data file after a write by this program: in the run whose results were written, and in the other runs in
    /// the same folder that had recorded the file as it was before.
    /// </summary>
    /// <param name="run">The run whose results were written.</param>
    /// <param name="before">The file before the write.</param>
    public static void RecordOwnWrite(RunDirectory run, FileFacts before)
    {
        var after = FileFacts.Read(before.Path);
        foreach (var one in Siblings(run).Prepend(run))
        {
            var files = one.ReadVerifiedInputs();
            if (files.Contains(before))
                one.WriteVerifiedInputs(new([.. files.Select(file => file == before ? after : file)]));
        }
    }

    private static bool AreUnchanged(RunDirectory run)
    {
        var recorded = run.ReadVerifiedInputs();
        var spec = run.Document.Spec;
        // The same run may have been given different paths since.
        var given = spec
            .Data.SelectMany(data => (string[])[data.Path, data.Phenotypes])
            .Concat(spec.Model.Custom is { } custom ? [custom.Function] : []);
        return given.All(path => recorded.Any(file => file.Path == path)) && recorded.All(file => file.IsUnchanged());
    }

    /// <summary>The other runs in the folder that holds this one.</summary>
    private static IEnumerable<RunDirectory> Siblings(RunDirectory run) =>
        Directory
            .EnumerateDirectories(Path.GetDirectoryName(run.Root)!)
            .Where(folder => folder != run.Root)
            .Select(Readable)
            .OfType<RunDirectory>();

    private static RunDirectory? Readable(string folder)
    {
        try
        {
            return RunDirectory.TryOpen(folder);
        }
        catch (BadInputException)
        {
            // Of another format version, or damaged: the next command on it reports that.
            return null;
        }
    }
}
