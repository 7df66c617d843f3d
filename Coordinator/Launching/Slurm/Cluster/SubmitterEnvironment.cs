namespace HpcFit.Coordinator.Launching.Slurm.Cluster;

/// <summary>
/// The variables by which a site or a user's profile sets options of sbatch (<c>man sbatch</c>, INPUT ENVIRONMENT VARIABLES). They
/// are read once, when a run is submitted: its later rounds are submitted by jobs, which have another environment.
/// </summary>
/// <param name="read">Reads a variable; null when unset.</param>
internal sealed class SubmitterEnvironment(Func<string, string?> read)
{
    private static readonly string[] Honoured =
    [
        "SBATCH_PARTITION",
        "SBATCH_ACCOUNT",
        "SBATCH_QOS",
        "SBATCH_CONSTRAINT",
        "SBATCH_RESERVATION",
        "SBATCH_TIMELIMIT",
    ];

    /// <summary>The environment of this process.</summary>
    public static SubmitterEnvironment Own { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>The partition; null: not set.</summary>
    public string? Partition => Value("SBATCH_PARTITION");

    /// <summary>The account; null: not set.</summary>
    public string? Account => Value("SBATCH_ACCOUNT");

    /// <summary>The quality of service; null: not set.</summary>
    public string? Qos => Value("SBATCH_QOS");

    /// <summary>A job's wall time as sbatch takes it; null: not set.</summary>
    public string? Time => Value("SBATCH_TIMELIMIT");

    /// <summary>Settings without an option of this program, as options of sbatch.</summary>
    public IEnumerable<string> Options()
    {
        if (Value("SBATCH_CONSTRAINT") is { } constraint)
            yield return "--constraint=" + constraint;
        if (Value("SBATCH_RESERVATION") is { } reservation)
            yield return "--reservation=" + reservation;
    }

    /// <summary>Names of set sbatch variables that have no effect on the run's jobs.</summary>
    public static IReadOnlyList<string> Ignored(IEnumerable<string> names) =>
        [
            .. names
                .Where(name => name.StartsWith("SBATCH_", StringComparison.Ordinal) && !Honoured.Contains(name))
                .Order(StringComparer.Ordinal),
        ];

    private string? Value(string name) => read(name) is { Length: > 0 } value ? value : null;
}
