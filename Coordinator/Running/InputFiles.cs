using HpcFit.Coordinator.Launching;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// Makes sure that a run's results still belong to its inputs. Files that are as they were recorded are taken as unchanged; otherwise a
/// worker compares what they hold.
/// </summary>
internal static class InputFiles
{
    /// <summary>Refuses inputs that are not those that the run's results were fitted from.</summary>
    /// <param name="run">The run.</param>
    /// <param name="terms">Whether the user accepts changed inputs.</param>
    /// <param name="token">Stops it.</param>
    /// <returns>The differences that the user accepts; none when there are none.</returns>
    /// <exception cref="BadInputException">Something differs; the message says what.</exception>
    /// <exception cref="BusyException">A data file is being written.</exception>
    public static IReadOnlyList<string> RefuseChanged(RunDirectory run, ClaimRequest terms, CancellationToken token)
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
        if (terms.AcceptsChangedInputs)
            return answer.Differences;
        throw new BadInputException(
            $"The inputs of '{run.Root}' are not those that its results were fitted from. What differs: "
                + $"{string.Join("; ", answer.Differences)}. Nothing was written. Restore the former inputs, or fit "
                + "the present ones in another run directory (--run-dir). If you know that the results still hold, repeat the command "
                + "with --accept-changed-inputs, which is recorded beside them."
        );
    }

    /// <summary>
    /// Records a data file as this program has left it: in the run whose results were written, and in the runs beside it that had found the
    /// file as it was before.
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
        // The same run may have been given other paths since.
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
            // Of another format, or damaged: its next command reports that.
            return null;
        }
    }
}
