using System.Text.Json.Serialization;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Running;

/// <summary>
/// Whether a run's results were written: the content of <c>written.json</c>, kept before the write and after it, since a command may be killed
/// in between.
/// </summary>
/// <param name="Target">Where to.</param>
/// <param name="IsDone">Whether the write came to its end.</param>
internal sealed record WriteRecord(OutputTarget Target, bool IsDone)
{
    /// <summary>The record; null when no command has begun to write.</summary>
    public static WriteRecord? Read(RunDirectory run) => File.Exists(run.WrittenFile) ? JsonFile.Read(run.WrittenFile, WriteRecordJson.Default.WriteRecord) : null;

    /// <summary>Keeps it.</summary>
    public static void Keep(RunDirectory run, WriteRecord record) => JsonFile.Replace(run.WrittenFile, record, WriteRecordJson.Default.WriteRecord);
}

/// <summary>The JSON of <c>written.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true)]
[JsonSerializable(typeof(WriteRecord))]
internal sealed partial class WriteRecordJson : JsonSerializerContext;
