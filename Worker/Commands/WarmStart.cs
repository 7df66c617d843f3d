using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Commands;

/// <summary>
/// Does on a second core what every job needs and what is slow the first time, loading HDF5 and compiling the kernels, while the main
/// thread reads the command line and the run. Affects nothing but the time to start.
/// </summary>
internal static class WarmStart
{
    /// <summary>Starts, if there is a second core.</summary>
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
            var tile = new ElementTile(new float[TileKernel.Width], [0]); // the type of most files
            kernel.Project(tile, basis, 4, projections);
            kernel.SumResidualSquares(tile, basis, 4, projections, sums);
            kernel.BackSubstitute([1], 1, projections, projections);
            TabulatedTail.TryCreate(1, 10)!.P(sums, projections.AsSpan(0, sums.Length), isRoot: true);
        }
        catch (HpcFitException)
        {
            // The main thread will meet and report the same failure.
        }
    }
}
