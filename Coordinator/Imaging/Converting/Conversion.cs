using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5.Native;
using Microsoft.Extensions.Logging;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>
/// Makes an HDF5 file from a cohort of images in three steps: every header is checked; every image is read once, into a spool, while the
/// writing process starts; chunks are pulled from the spool, compressed on all threads and written. Memory use is two batches of rows,
/// whatever the number of subjects.
/// </summary>
internal sealed class Conversion(ILogger log)
{
    /// <summary>Converts the cohort.</summary>
    /// <returns>What was written.</returns>
    /// <exception cref="Shared.Failures.BadInputException">An input or option cannot be used; nothing is left behind.</exception>
    public ConversionResult Execute(ConversionPlan plan, CancellationToken token)
    {
        // Loaded while cohort and mask are read, and so that a missing library is reported before any long work.
        var library = Task.Run(() => Hdf5Library.Version, token);
        var scalars = CohortImages.Read(plan.Cohort, plan.ScalarColumns, plan.Root);
        var files = OutputFiles.Create(plan, scalars);
        var space = ElementSpaces.Find(plan, scalars);
        var readings = scalars.ToDictionary(scalar => scalar, scalar => ImageReading.Open(space, scalar, plan.Threads, token));
        library.GetAwaiter().GetResult();
        return new([
            .. files.Select(file => Write(plan, file.File, space, [.. file.Scalars.Select(scalar => (scalar, readings[scalar]))], token)),
        ]);
    }

    private ConvertedFile Write(
        ConversionPlan plan,
        string file,
        ElementSpace space,
        IReadOnlyList<(ScalarImages Images, ImageReading Headers)> scalars,
        CancellationToken token
    )
    {
        var reading = new ProgressLog(log, "images read", scalars.Sum(scalar => scalar.Images.Images.Count));
        var folder = plan.SpoolFolder ?? Path.GetDirectoryName(file)!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var spools = new List<Task<RowSpool>>();
        try
        {
            var contents = new List<Content>(space.Tables);
            var layouts = scalars.Select(scalar => plan.Storage.Layout(scalar.Images.Images.Count, space.Grid.Count)).ToList();
            var writing = new Lazy<ProgressLog>(() => new(log, "chunks compressed", layouts.Sum(layout => layout.Count)));
            foreach (var ((images, headers), layout) in scalars.Zip(layouts))
            {
                if (images.LeftOut.Count > 0)
                    log.RowsLeftOut(
                        images.Scalar,
                        images.LeftOut.Count,
                        string.Join(", ", images.LeftOut.Take(10)) + (images.LeftOut.Count > 10 ? ", …" : "")
                    );
                log.ScalarPlanned(images.Scalar, images.Images.Count, layout.Elements, layout.TypeName, layout.BlockElements);
                var before = spools.LastOrDefault();
                spools.Add(
                    Task.Factory.StartNew(
                        () =>
                        {
                            before?.GetAwaiter().GetResult(); // one scalar after the other; the first failure stops all of them
                            var spool = headers.Read(folder, layout, reading.Step, stop.Token);
                            if (headers.Rounded is [var first, ..])
                                log.IntegersRounded(images.Scalar, layout.LargestInteger, layout.TypeName, headers.Rounded.Count, first);
                            if (images == scalars[^1].Images)
                                reading.Finish();
                            return spool;
                        },
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                );
                contents.AddRange(ScalarContents.Create(images, layout, spools[^1], plan.Storage, () => writing.Value.Step()));
            }
            var report = Hdf5Write.Run(
                new()
                {
                    File = file,
                    NewFile = true,
                    Overwrite = plan.Overwrite,
                    Contents = contents,
                    What = "hpcfit convert",
                },
                token
            );
            var bytes = new FileInfo(file).Length;
            log.FileWritten(file, bytes, report.RawBytes);
            return new(file, bytes, report.RawBytes, [.. scalars.Zip(layouts, (scalar, layout) => Describe(scalar.Images, layout))]);
        }
        finally
        {
            stop.Cancel();
            foreach (var spool in spools)
                Release(spool);
        }
    }

    private static ConvertedScalar Describe(ScalarImages images, BlockLayout layout) =>
        new(images.Scalar, images.Images.Count, layout.Elements, layout.TypeName, layout.BlockElements, images.LeftOut);

    /// <summary>
    /// Waits until no thread uses a spool, and releases its space. A failure in the spool was reported to the reader of its values.
    /// </summary>
    private static void Release(Task<RowSpool> spool)
    {
        ((IAsyncResult)spool).AsyncWaitHandle.WaitOne();
        if (spool.IsCompletedSuccessfully)
            spool.Result.Dispose();
    }
}
