using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>The effective user of this process.</summary>
internal static partial class ProcessUser
{
    /// <summary>The user's id, which squeue prints in full, unlike names.</summary>
    public static uint Number { get; } = geteuid();

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
