using System.Collections;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>The environment of Slurm's programs.</summary>
internal static class SlurmEnvironment
{
    /// <summary>
    /// They select the cluster. All other variables of these families describe the job that this process runs in, or change output formats.
    /// </summary>
    private static readonly string[] Kept = ["SLURM_CONF", "SLURM_CLUSTERS"];

    private static readonly string[] Families = ["SLURM_", "SBATCH_", "SQUEUE_", "SACCT_", "SCANCEL_", "SINFO_", "SCONTROL_"];

    /// <summary>
    /// The environment of a scheduler's program: a job submitted from within a job must not inherit its parent's resources, and output
    /// must have the formats that the parsers expect.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Cleared(IDictionary environment)
    {
        var cleared = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in environment)
        {
            var name = (string)entry.Key;
            if (Kept.Contains(name) || !Families.Any(family => name.StartsWith(family, StringComparison.Ordinal)))
                cleared[name] = (string?)entry.Value ?? "";
        }
        cleared["LC_ALL"] = "C";
        cleared["SLURM_BITSTR_LEN"] = "0"; // array task lists in full instead of their first 64 characters
        cleared["SLURM_TIME_FORMAT"] = "standard";
        return cleared;
    }
}
