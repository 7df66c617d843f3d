namespace HpcFit.Shared.Specs;

/// <summary>The data file's share of the digest, for one scalar.</summary>
/// <param name="Scalar">Its name.</param>
/// <param name="Digest">Hexadecimal XxHash128 of shape, type, layout, filters, source names, stored sizes and the ends of 64 stored
/// chunks.</param>
/// <param name="Shape">Shape and type, for people.</param>
/// <param name="Sources">Hexadecimal XxHash128 of the source names in their order, to tell what has changed.</param>
/// <param name="MissingNote">What the user should know about stored values that count as missing; null: nothing.</param>
public sealed record ScalarFingerprint(string Scalar, string Digest, string Shape = "", string Sources = "", string? MissingNote = null);

/// <summary>
/// What decides a run's numbers besides its spec. The probe takes it from the files; a worker takes it again before it fits.
/// </summary>
public sealed record RunInputs
{
    /// <summary>The engine's <c>NumericVersion</c>.</summary>
    public required int NumericVersion { get; init; }

    /// <summary>How many elements the file holds.</summary>
    public required long TotalElements { get; init; }

    /// <summary>One entry a scalar of the model, response first.</summary>
    public required IReadOnlyList<ScalarFingerprint> Scalars { get; init; }

    /// <summary>Hexadecimal XxHash128 of the cohort's columns that the model uses, source column included.</summary>
    public required string CohortDigest { get; init; }

    /// <summary>Hexadecimal XxHash128 of a custom model's function file; empty for other engines.</summary>
    public string FunctionDigest { get; init; } = "";

    /// <summary>
    /// What runs a custom model's function, as it says itself (<c>R version 4.2.2, collation en_US.UTF-8</c>); empty for other engines.
    /// </summary>
    public string FunctionRuntime { get; init; } = "";
}
