using System.Text.Json.Serialization;

namespace HpcFit.Shared.Claims;

/// <summary>The JSON of claim files: source-generated, camel case, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    WriteIndented = true
)]
[JsonSerializable(typeof(ClaimHolder))]
public sealed partial class ClaimJson : JsonSerializerContext;
