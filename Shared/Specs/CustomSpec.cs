namespace HpcFit.Shared.Specs;

/// <summary>A user's function, called once per element.</summary>
public sealed record CustomSpec
{
    /// <summary>The default of <see cref="ElementTimeoutSeconds"/>.</summary>
    public const double DefaultElementTimeout = 60;

    /// <summary>
    /// The file that holds the function, absolute: <c>.R</c>, <c>.py</c>, <c>.csx</c> or <c>.dll</c>. Its content is part of the digest,
    /// its path is not.
    /// </summary>
    public required string Function { get; init; }

    /// <summary>The function's name in the file; null: the language's default.</summary>
    public string? FunctionName { get; init; }

    /// <summary>Further arguments of the function, as its language writes them between parentheses: <c>k=4, method="x"</c>.</summary>
    public string FunctionArgs { get; init; } = "";

    /// <summary>The scalars that become columns of the function's data; null: all.</summary>
    public IReadOnlyList<string>? Scalars { get; init; }

    /// <summary>The seed of random numbers, combined with the element's id (<see cref="SeedOf"/>). 0 to 2³¹ - 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The new scalar that the function's values (one per source file) are written to; null: they are results.</summary>
    public string? WriteScalar { get; init; }

    /// <summary>Seconds an element may take before its interpreter is ended. Recorded, but not part of the digest.</summary>
    public double ElementTimeoutSeconds { get; init; } = DefaultElementTimeout;

    /// <summary>Bytes of memory an interpreter may use; null: unlimited. Recorded, but not part of the digest.</summary>
    public long? FunctionMemoryBytes { get; init; }

    /// <summary>
    /// The generator's seed at an element: (seed × 1000003 + 0-based id) mod (2³¹ - 1). Easy to compute by hand, and the same for every
    /// partition.
    /// </summary>
    public int SeedOf(long element) => (int)(((Seed * 1_000_003) + element) % int.MaxValue);
}
