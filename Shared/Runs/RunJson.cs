using System.Text.Json;
using System.Text.Json.Serialization;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Files;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Shared.Runs;

/// <summary>The JSON of the run directory and of the probe: source-generated, camel case, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true,
    WriteIndented = true,
    Converters = [typeof(ElementRangesJson), typeof(ElementSetJson), typeof(RoundIdJson), typeof(JobIdJson)]
)]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(RunSpec[]))]
[JsonSerializable(typeof(Round))]
[JsonSerializable(typeof(OutputTarget))]
[JsonSerializable(typeof(ProgressReport))]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(VerifiedInputs))]
[JsonSerializable(typeof(InputCheckAnswer))]
public sealed partial class RunJson : JsonSerializerContext;

/// <summary>The JSON of the members that all formats of <c>run.json</c> share; other members are ignored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DocumentHead))]
internal sealed partial class DocumentHeadJson : JsonSerializerContext;

/// <summary>Ranges in the user's order as one string, <c>"1:100,205"</c>.</summary>
internal sealed class ElementRangesJson : JsonConverter<IReadOnlyList<ElementRange>>
{
    public override IReadOnlyList<ElementRange> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ElementRanges.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ElementRange> value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ElementRanges.Format(value));
}

/// <summary>A set of elements as one string, <c>"1:100,205"</c>.</summary>
internal sealed class ElementSetJson : JsonConverter<ElementSet>
{
    public override ElementSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ElementSet.From(ElementRanges.Parse(reader.GetString() ?? ""));

    public override void Write(Utf8JsonWriter writer, ElementSet value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ElementRanges.Format(value));
}

/// <summary>A round's number as a JSON number.</summary>
public sealed class RoundIdJson : JsonConverter<RoundId>
{
    /// <inheritdoc/>
    public override RoundId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RoundId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>A job's number as a JSON number.</summary>
public sealed class JobIdJson : JsonConverter<JobId>
{
    /// <inheritdoc/>
    public override JobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JobId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
