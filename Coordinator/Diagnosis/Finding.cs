using System.Text.Json.Serialization;

namespace HpcFit.Coordinator.Diagnosis;

/// <summary>What a machine or a folder has, or lacks.</summary>
/// <param name="Topic">What was checked: HDF5, Slurm, a path.</param>
/// <param name="State">Whether it is usable.</param>
/// <param name="Text">Version, size, limit, or what is wrong.</param>
/// <param name="Remedy">What to do; null: nothing.</param>
internal sealed record Finding(string Topic, FindingState State, string Text, string? Remedy = null)
{
    /// <summary>The file that is used; null: not a file, or unknown.</summary>
    public string? File { get; init; }
}

/// <summary>Whether a thing can be used.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingState>))]
internal enum FindingState
{
    /// <summary>It is there.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It is not there, and only some features need it; or it works with a limitation.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Nothing works without it.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,
}

/// <summary>The result of <c>hpcfit doctor --json</c> (docs/formats/doctor-json.md).</summary>
/// <param name="Version">The program's version.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="Findings">All findings, in the order of the text report.</param>
internal sealed record Diagnosis(string Version, string Host, IReadOnlyList<Finding> Findings)
{
    /// <summary>The version of the format.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; } = 1;
}

/// <summary>The JSON of a diagnosis.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
