using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Pipeline;

/// <summary>
/// What every job needs and takes long the first time, done on a second core while the first one reads the command line and the run: loading
/// HDF5, compiling the kernels. Changes nothing but the time a start takes.
/// </summary>
internal static class WarmStart
{
    /// <summary>Begins, where there is a second core.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1) new Thread(Run) { Name = "warm start", IsBackground = true }.Start();
    }

    private static void Run()
    {
        try
        {
            _ = Hdf5Library.Version;
            var kernel = TileKernel.Create(KernelEnvironment.Read());
            var (basis, projections, sums) = (new double[4], new double[4 * TileKernel.Width], new double[TileKernel.Width]);
            // float32 as files hold it, and float64, to which the last elements of a stripe are copied.
            Fit(new(new float[TileKernel.Width], [0]));
            Fit(new(new double[TileKernel.Width], [0]));
            kernel.BackSubstitute([1], 1, projections, projections);
            TabulatedTail.TryCreate(1, 10)!.P(sums, projections.AsSpan(0, sums.Length), isRoot: true);

            void Fit(in ElementTile tile)
            {
                kernel.Project(tile, basis, 4, projections);
                kernel.SumResidualSquares(tile, basis, 4, projections, sums);
            }
        }
        catch (HpcFitException)
        {
            // The thread that works meets the same failure when it gets there, and tells it.
        }
    }
}
