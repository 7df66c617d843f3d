namespace HpcFit.Benchmarks;

/// <summary>What is measured and how often.</summary>
internal sealed record BenchOptions
{
    /// <summary>Where the data are kept between runs of the bench.</summary>
    public required string Folder { get; init; }

    /// <summary>The page to rewrite.</summary>
    public required string Page { get; init; }

    /// <summary>The repository.</summary>
    public required string Root { get; init; }

    /// <summary>Threads of the one process, and processes of one thread.</summary>
    public required int Threads { get; init; }

    /// <summary>Small data, few rounds.</summary>
    public bool Quick { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Elements of the main study.</summary>
    public required long Elements { get; init; }

    public required int Subjects { get; init; }

    /// <summary>Sections to measure; empty: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];
}
