using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm.Submission;

/// <summary>Reads and writes the records of what was submitted to the scheduler.</summary>
/// <param name="run">The run.</param>
internal sealed class SubmissionFile(RunDirectory run)
{
    /// <summary>The record of a round; null when it was never submitted.</summary>
    public RoundSubmission? Read(RoundId round) =>
        File.Exists(run.SchedulerFile(round)) ? JsonFile.Read(run.SchedulerFile(round), SlurmJson.Default.RoundSubmission) : null;

    /// <summary>Stores the record of a round, before or right after each step.</summary>
    public void Write(RoundId round, RoundSubmission submission) =>
        JsonFile.Replace(run.SchedulerFile(round), submission, SlurmJson.Default.RoundSubmission);

    /// <summary>The records of all rounds, ascending.</summary>
    public IEnumerable<(RoundId Round, RoundSubmission Submission)> All() =>
        run.Rounds().Select(round => (round, Read(round))).Where(pair => pair.Item2 is not null).Select(pair => (pair.round, pair.Item2!));
}
