using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>Reads and writes what of a run was handed to the scheduler.</summary>
/// <param name="run">The run.</param>
internal sealed class SubmissionFile(RunDirectory run)
{
    /// <summary>A round's; null when nothing of it was ever handed over.</summary>
    public RoundSubmission? Read(RoundId round) =>
        File.Exists(run.SchedulerFile(round)) ? JsonFile.Read(run.SchedulerFile(round), SlurmJson.Default.RoundSubmission) : null;

    /// <summary>Keeps a round's, before what it says is done or right after.</summary>
    public void Write(RoundId round, RoundSubmission submission) =>
        JsonFile.Replace(run.SchedulerFile(round), submission, SlurmJson.Default.RoundSubmission);

    /// <summary>Those of all rounds, ascending.</summary>
    public IEnumerable<(RoundId Round, RoundSubmission Submission)> All() =>
        run.Rounds().Select(round => (round, Read(round))).Where(pair => pair.Item2 is not null).Select(pair => (pair.round, pair.Item2!));
}
