namespace HpcFit.Benchmarks.Mixed;

/// <summary>A model that is measured.</summary>
/// <param name="Name">Its name in the page.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Formula">The formula.</param>
/// <param name="Elements">The number of elements.</param>
internal sealed record MixedModel(string Name, string Engine, string Formula, long Elements)
{
    public const int RowsPerSite = 100;

    /// <summary>The number of subjects; null: that of the main study.</summary>
    public int? Subjects { get; init; }

    public int RowsPerGroup { get; init; } = 3;

    /// <summary>Whether lme4 can fit it.</summary>
    public bool HasPeer { get; init; }

    public string[] More { get; init; } = [];

    /// <summary>The columns of the cohort that the formulas use; the cohort has Age, sex and motion.</summary>
    public string[] Columns =>
        [
            "--column",
            $"id=factor(ceiling(cumsum(Age > 0) / {RowsPerGroup}))",
            "--column",
            $"site=factor(ceiling(cumsum(Age > 0) / {RowsPerSite}))",
            "--column",
            "rater=factor(cumsum(Age > 0) - 7 * floor(cumsum(Age > 0) / 7))",
            "--column",
            "wave=cumsum(Age > 0) - 3 * floor(cumsum(Age > 0) / 3)",
        ];
}
