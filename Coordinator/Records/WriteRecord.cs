using System.Text.Json.Serialization;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Records;

/// <summary>
/// Whether a run's results were written: the content of <c>written.json</c>, stored before and after the write, since a command may be
/// killed in between.
/// </summary>
/// <param name="Target">Where the results go.</param>
/// <param name="IsDone">Whether the write was completed.</param>
internal sealed record WriteRecord(OutputTarget Target, bool IsDone)
{
    /// <summary>Warnings about the results, which only the merge could know; null: none.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>
    /// The record; null when no command has started to write, or when it cannot be read: then the written file itself is examined.
    /// </summary>
    public static WriteRecord? Read(RunDirectory run) => JsonFile.TryRead(run.WrittenFile, WriteRecordJson.Default.WriteRecord);

    /// <summary>
    /// Whether the record states that a write to a target was completed; the results may have been deleted since
    /// (<see cref="WrittenResults"/>).
    /// </summary>
    public static bool IsComplete(RunDirectory run, OutputTarget target) =>
        Read(run) is { IsDone: true } written && written.Target == target;

    /// <summary>
    /// Records the start, writes, and records the completion. A write that fails leaves the file unchanged, and then the record as well:
    /// what exists under the target's name need not be this run's.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="target">Where its results go.</param>
    /// <param name="warnings">Warnings about the results.</param>
    /// <param name="write">Writes them.</param>
    public static void Around(RunDirectory run, OutputTarget target, IReadOnlyList<string> warnings, Action write)
    {
        var before = Read(run);
        var isDone = false;
        Store(run, new(target, IsDone: false));
        try
        {
            write();
            isDone = true;
        }
        finally
        {
            if (isDone || before is not null)
                Store(run, isDone ? new(target, IsDone: true) { Warnings = warnings.Count == 0 ? null : warnings } : before!);
            else
                File.Delete(run.WrittenFile);
        }
    }

    /// <summary>
    /// Records that the results are at a target. Warnings about them are those of the run, wherever its results were written.
    /// </summary>
    public static void Confirm(RunDirectory run, OutputTarget target) =>
        Store(run, new(target, IsDone: true) { Warnings = Read(run)?.Warnings });

    /// <summary>Replaces the record.</summary>
    private static void Store(RunDirectory run, WriteRecord record) =>
        JsonFile.Replace(run.WrittenFile, record, WriteRecordJson.Default.WriteRecord);
}

/// <summary>The JSON of <c>written.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true
)]
[JsonSerializable(typeof(WriteRecord))]
internal sealed partial class WriteRecordJson : JsonSerializerContext;
