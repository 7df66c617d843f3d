using System.Text.Json.Serialization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Reading;

/// <summary>What a <see cref="ReadChild"/> answers to one question: <see cref="Error"/>, or what was asked for.</summary>
internal sealed record ReadAnswer
{
    /// <summary>Why the file cannot be read; null when it was.</summary>
    public string? Error { get; init; }

    /// <summary>The exit code that belongs to <see cref="Error"/>.</summary>
    public ExitCode ExitCode { get; init; }

    /// <summary>What a ModelArray file holds.</summary>
    public ModelArrayFile? Metadata { get; init; }

    /// <summary>The analyses that a file holds.</summary>
    public IReadOnlyList<AnalysisSummary>? Analyses { get; init; }
}

/// <summary>Private to one version of the program: both ends of the pipe are the same file.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
)]
[JsonSerializable(typeof(ReadAnswer))]
internal sealed partial class ReadingJson : JsonSerializerContext;
