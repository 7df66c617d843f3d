namespace HpcFit.Shared.Specs.Documents;

/// <summary>The part of the digest that comes from one scalar of a data file.</summary>
/// <param name="Scalar">Its name.</param>
/// <param name="Digest">Hexadecimal XxHash128 of shape, type, layout, filters, source names, stored sizes and the ends of 64 stored
/// chunks.</param>
/// <param name="Shape">Shape and type, for people.</param>
/// <param name="Sources">Hexadecimal XxHash128 of the source names in their order, to report what has changed.</param>
/// <param name="MissingNote">A note for the user about stored values that count as missing; null: none.</param>
public sealed record ScalarFingerprint(string Scalar, string Digest, string Shape = "", string Sources = "", string? MissingNote = null);

/// <summary>
/// What a run's numbers depend on besides its spec. The probe takes it from the files; a worker takes it again before it fits.
/// </summary>
public sealed record RunInputs
{
    /// <summary>The engine's <c>NumericVersion</c>.</summary>
    public required int NumericVersion { get; init; }

    /// <summary>How many elements the file holds.</summary>
    public required long TotalElements { get; init; }

    /// <summary>One entry per scalar of the model, response first.</summary>
    public required IReadOnlyList<ScalarFingerprint> Scalars { get; init; }

    /// <summary>Hexadecimal XxHash128 of the cohort's columns that the model uses, source column included.</summary>
    public required string CohortDigest { get; init; }

    /// <summary>Hexadecimal XxHash128 of a custom model's function file; empty for other engines.</summary>
    public string FunctionDigest { get; init; } = "";

    /// <summary>
    /// The interpreter of a custom model's function, as it identifies itself (<c>R version 4.2.2, collation en_US.UTF-8</c>); empty for
    /// other engines.
    /// </summary>
    public string FunctionRuntime { get; init; } = "";

    /// <summary>Hexadecimal XxHash128 of what determines the neighbours of elements; null: no enhancement needs them.</summary>
    public string? NeighboursDigest { get; init; }

    /// <summary>
    /// Hexadecimal XxHash128 of the files of shuffles and of exchangeability blocks, and of the order of the cohort's file where shuffles
    /// depend on it; null: there are none, and they do not.
    /// </summary>
    public string? ShufflesDigest { get; init; }
}
