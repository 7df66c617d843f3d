using System.Runtime.InteropServices;

namespace HpcFit.Coordinator.Launching.Slurm.Client;

/// <summary>The user as whom this process acts.</summary>
internal static partial class ProcessUser
{
    /// <summary>The user's number, which has one spelling everywhere, unlike names.</summary>
    public static uint Number { get; } = geteuid();

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
