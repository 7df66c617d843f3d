using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Commands;

/// <summary>
/// What every job needs and takes long the first time, done on a second core while the first one reads the command line and the run:
/// loading HDF5, compiling the kernels. Changes nothing but the time a start takes.
/// </summary>
internal static class WarmStart
{
    /// <summary>Begins, where there is a second core.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1)
            new Thread(Run) { Name = "warm start", IsBackground = true }.Start();
    }

    private static void Run()
    {
        try
        {
            _ = Hdf5Library.Version;
            var kernel = TileKernel.Create(KernelEnvironment.Read());
            var (basis, projections, sums) = (new double[4], new double[4 * TileKernel.Width], new double[TileKernel.Width]);
            var tile = new ElementTile(new float[TileKernel.Width], [0]); // as most files hold their values
            kernel.Project(tile, basis, 4, projections);
            kernel.SumResidualSquares(tile, basis, 4, projections, sums);
            kernel.BackSubstitute([1], 1, projections, projections);
            TabulatedTail.TryCreate(1, 10)!.P(sums, projections.AsSpan(0, sums.Length), isRoot: true);
        }
        catch (HpcFitException)
        {
            // The thread that works meets the same failure when it gets there, and tells it.
        }
    }
}
