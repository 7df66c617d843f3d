using MathNet.Numerics;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// Sets up MathNet.Numerics to compute with its managed provider, whatever native libraries a machine has, and on the calling thread, so
/// that its results have the same bits everywhere.
/// </summary>
internal static class ManagedAlgebra
{
    /// <summary>Sets provider and threads for the process; call it before the first use of MathNet.Numerics.</summary>
    public static void Use()
    {
        Control.UseManaged();
        Control.UseSingleThread();
    }
}
