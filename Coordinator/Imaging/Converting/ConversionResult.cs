using System.Text.Json.Serialization;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The output of <c>hpcfit convert --json</c>: docs/formats/convert-json.md.</summary>
/// <param name="Files">The files that were written.</param>
internal sealed record ConversionResult(IReadOnlyList<ConvertedFile> Files)
{
    /// <summary>The version of this format: it increases when a field changes its meaning or is removed.</summary>
    public int Format { get; init; } = 1;
}

/// <summary>A file that was written.</summary>
/// <param name="File">Its path.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ValueBytes">Bytes of all values before compression.</param>
/// <param name="Scalars">Its scalars.</param>
internal sealed record ConvertedFile(string File, long Bytes, long ValueBytes, IReadOnlyList<ConvertedScalar> Scalars);

/// <summary>A scalar of a file that was written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Subjects">Its images.</param>
/// <param name="Elements">Its elements.</param>
/// <param name="Type">The stored type.</param>
/// <param name="ChunkElements">Elements per chunk.</param>
/// <param name="RowsLeftOut">The rows of the cohort without a file, counted from 1, which were skipped.</param>
internal sealed record ConvertedScalar(
    string Name,
    int Subjects,
    long Elements,
    string Type,
    long ChunkElements,
    IReadOnlyList<int> RowsLeftOut
);

/// <summary>Camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ConversionResult))]
internal sealed partial class ConversionResultJson : JsonSerializerContext;
