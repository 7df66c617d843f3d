namespace HpcFit.Shared.Specs;

/// <summary>A user's own function, called at every element.</summary>
public sealed record CustomSpec
{
    /// <summary>Seconds an element may take unless the user says otherwise.</summary>
    public const double DefaultElementTimeout = 60;

    /// <summary>
    /// The file that holds the function, absolute: <c>.R</c>, <c>.py</c>, <c>.csx</c> or <c>.dll</c>. Its content is digested, its path is
    /// not.
    /// </summary>
    public required string Function { get; init; }

    /// <summary>Which of the file's functions; null: the language's default.</summary>
    public string? FunctionName { get; init; }

    /// <summary>Further arguments of the function, as its language writes them between parentheses: <c>k=4, method="x"</c>.</summary>
    public string FunctionArgs { get; init; } = "";

    /// <summary>The scalars that become columns of the function's data; null: all there are.</summary>
    public IReadOnlyList<string>? Scalars { get; init; }

    /// <summary>What random numbers start from, with the element's id (<see cref="SeedOf"/>). 0 to 2³¹ - 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The new scalar that the function's values, one a source file, make; null: they are results.</summary>
    public string? WriteScalar { get; init; }

    /// <summary>Seconds an element may take before its interpreter is ended. Recorded, not digested.</summary>
    public double ElementTimeoutSeconds { get; init; } = DefaultElementTimeout;

    /// <summary>Bytes of data an interpreter may hold; null: what the machine has. Recorded, not digested.</summary>
    public long? FunctionMemoryBytes { get; init; }

    /// <summary>
    /// The generator's seed at an element: (seed × 1000003 + 0-based id) mod (2³¹ - 1). Easy to repeat by hand, the same on every
    /// partition.
    /// </summary>
    public int SeedOf(long element) => (int)(((Seed * 1_000_003) + element) % int.MaxValue);
}
