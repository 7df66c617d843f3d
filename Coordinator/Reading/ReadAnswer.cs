using System.Text.Json.Serialization;
using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Reading;

/// <summary>The answer of a <see cref="ReadChild"/> to one question: <see cref="Error"/>, or the requested data.</summary>
internal sealed record ReadAnswer
{
    /// <summary>Why the file cannot be read; null if it was read.</summary>
    public string? Error { get; init; }

    /// <summary>The exit code for <see cref="Error"/>.</summary>
    public ExitCode ExitCode { get; init; }

    /// <summary>The metadata of a ModelArray file.</summary>
    public ModelArrayFile? Metadata { get; init; }

    /// <summary>The analyses in a file.</summary>
    public IReadOnlyList<AnalysisSummary>? Analyses { get; init; }

    /// <summary>What is stored about the fits, by analysis.</summary>
    public IReadOnlyDictionary<string, AnalysisRecord>? Records { get; init; }
}

/// <summary>Private to one version of the program: both ends of the pipe run the same file.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
)]
[JsonSerializable(typeof(ReadAnswer))]
internal sealed partial class ReadingJson : JsonSerializerContext;
