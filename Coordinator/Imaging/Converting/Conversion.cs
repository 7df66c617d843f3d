using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Hdf5.Native;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>
/// Makes the HDF5 file of a cohort of images, in three steps: every header is checked; every image is read, once, into a spool; chunks are
/// pulled from the spool, compressed on all threads and written. Memory holds one batch of rows, whatever the number of subjects.
/// </summary>
internal sealed class Conversion(ILogger log)
{
    /// <summary>Converts.</summary>
    /// <exception cref="Shared.Failures.BadInputException">Something that was given cannot be used; nothing is left behind.</exception>
    public void Execute(ConversionPlan plan, CancellationToken token)
    {
        // Found and set up while cohort and mask are read; and where it is missing, that is said before any long work.
        var library = Task.Run(() => Hdf5Library.Version, token);
        var scalars = CohortImages.Read(plan.Cohort, plan.ScalarColumns, plan.Root);
        var files = OutputFiles.Of(plan, scalars);
        var space = ElementSpaces.Of(plan, scalars);
        var readings = scalars.ToDictionary(scalar => scalar, scalar => ImageReading.Open(space, scalar, plan.Threads, token));
        library.GetAwaiter().GetResult();
        foreach (var (file, content) in files) Write(plan, file, space, [.. content.Select(scalar => (scalar, readings[scalar]))], token);
    }

    private void Write(
        ConversionPlan plan, string file, ElementSpace space, IReadOnlyList<(ScalarImages Images, ImageReading Headers)> scalars, CancellationToken token)
    {
        var spools = new List<RowSpool>();
        try
        {
            var reading = new ProgressLog(log, "images read", scalars.Sum(scalar => scalar.Images.Images.Count));
            foreach (var (images, headers) in scalars)
            {
                var layout = plan.Storage.Layout(images.Images.Count, space.Grid.Count);
                log.ScalarPlanned(images.Scalar, images.Images.Count, layout.Elements, layout.TypeName, layout.BlockElements);
                spools.Add(headers.Read(plan.SpoolFolder ?? Path.GetDirectoryName(file)!, layout, reading.Step, token));
            }
            reading.Finish();
            var writing = new ProgressLog(log, "chunks compressed", spools.Sum(spool => spool.Layout.Count));
            var contents = scalars.Zip(spools).SelectMany(scalar => ScalarContents.Of(scalar.First.Images, scalar.Second, plan.Storage, writing.Step));
            var request = new WriteRequest { File = file, NewFile = true, Overwrite = plan.Overwrite, Contents = [.. space.Tables, .. contents], What = "hpcfit convert" };
            var report = Hdf5Write.Run(request, token);
            log.FileWritten(file, report.StoredBytes, (double)report.RawBytes / report.StoredBytes);
        }
        finally
        {
            foreach (var spool in spools) spool.Dispose();
        }
    }
}
