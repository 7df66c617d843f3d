using HpcFit.Coordinator.Launching.Slurm.Submitting;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Slurm;

/// <summary>
/// Whether a run's results were written, so that <c>advance</c> may be repeated: kept before the write and after it, since an advance job may
/// be killed in between.
/// </summary>
/// <param name="Target">Where to.</param>
/// <param name="IsDone">Whether the write came to its end.</param>
internal sealed record WriteRecord(OutputTarget Target, bool IsDone)
{
    /// <summary>The record; null when no advance has begun to write.</summary>
    public static WriteRecord? Read(RunDirectory run) => File.Exists(run.WrittenFile) ? JsonFile.Read(run.WrittenFile, SlurmJson.Default.WriteRecord) : null;

    /// <summary>Keeps it.</summary>
    public static void Keep(RunDirectory run, WriteRecord record) => JsonFile.Replace(run.WrittenFile, record, SlurmJson.Default.WriteRecord);
}
