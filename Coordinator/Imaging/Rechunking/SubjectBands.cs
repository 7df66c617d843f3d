using HpcFit.Coordinator.Imaging.Converting;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Coordinator.Imaging.Rechunking;

/// <summary>
/// Reads scalars that are stored subject by subject, so that a stripe of elements is scattered over the whole file: bands of subjects are
/// read one after the other, each chunk once, and transposed to stripes by a spool.
/// </summary>
internal static class SubjectBands
{
    private const long BandBytes = 32 << 20;

    /// <summary>
    /// Whether reading in bands is better: stripes would inflate chunks more than once, or gather a large contiguous scalar from the whole
    /// file.
    /// </summary>
    public static bool Suit(ScalarMatrix scalar)
    {
        if (scalar.Layout.Kind != StorageLayout.Chunked)
            return !scalar.IsTransposed && scalar.InflatedBytes > StripePlan.DefaultStripeMemory;
        var bandBytes = Math.Min(scalar.ChunkSubjects, scalar.Subjects) * scalar.Elements * sizeof(double);
        return StripePlan.For(scalar).SlicesPerChunkColumn > 1 && bandBytes <= StripePlan.DefaultStripeMemory;
    }

    /// <summary>Reads all subjects into a spool.</summary>
    /// <param name="file">The file.</param>
    /// <param name="scalar">One of its scalars.</param>
    /// <param name="folder">The folder of the spool.</param>
    /// <param name="layout">The spool's division of rows into blocks.</param>
    /// <param name="progress">Counts the subjects read.</param>
    /// <param name="token">Cancels between bands.</param>
    public static RowSpool Spool(
        ModelArrayFile file,
        ScalarMatrix scalar,
        string folder,
        BlockLayout layout,
        ProgressLog progress,
        CancellationToken token
    )
    {
        using var opened = Hdf5ReadFile.Open(file.Path);
        using var dataset = opened.OpenDataset(scalar.DatasetPath);
        var (subjects, elements) = ((int)scalar.Subjects, (int)scalar.Elements);
        var chunk = scalar.Layout.Kind == StorageLayout.Chunked ? (int)scalar.ChunkSubjects : 1;
        var rows = (int)Math.Min(subjects, Math.Max(1, BandBytes / ((long)elements * sizeof(double) * chunk)) * chunk);
        var values = new double[(long)rows * elements];
        var row = new double[elements];
        var (batch, other) = (new byte[rows * layout.RowBytes], new byte[rows * layout.RowBytes]);
        var spool = new RowSpool(folder, subjects, layout);
        try
        {
            for (var first = 0; first < subjects; first += rows)
            {
                token.ThrowIfCancellationRequested();
                var count = Math.Min(rows, subjects - first);
                Read(dataset, scalar, first, count, values, opened.Describe(scalar.DatasetPath));
                scalar.Missing.Mark(values.AsSpan(0, count * elements));
                for (var subject = 0; subject < count; subject++)
                {
                    for (var element = 0; element < elements; element++)
                        row[element] = values[
                            scalar.IsTransposed ? ((long)element * count) + subject : ((long)subject * elements) + element
                        ];
                    layout.Place(row, subject, count, batch);
                }
                spool.Append(count, batch);
                (batch, other) = (other, batch);
                progress.Step(count);
            }
            spool.Finish();
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    private static unsafe void Read(Hdf5DatasetHandle dataset, ScalarMatrix scalar, int first, int count, double[] values, string subject)
    {
        ulong[] start = scalar.IsTransposed ? [0, (ulong)first] : [(ulong)first, 0];
        ulong[] extent = scalar.IsTransposed ? [(ulong)scalar.Elements, (ulong)count] : [(ulong)count, (ulong)scalar.Elements];
        lock (Hdf5Library.Lock)
        {
            using var whole = new Hdf5DataspaceHandle(Hdf5Status.Check(H5D.get_space(dataset.Id), "read the shape of", subject));
            fixed (
                ulong* origin = start,
                    extents = extent
            )
            {
                using var memory = new Hdf5DataspaceHandle(
                    Hdf5Status.Check(H5S.create_simple(2, extents, null), "prepare to read", subject)
                );
                Hdf5Status.Check(
                    H5S.select_hyperslab(whole.Id, H5S.SELECT_SET, origin, null, extents, null),
                    "select subjects of",
                    subject
                );
                fixed (double* bytes = values)
                    Hdf5Status.Check(
                        H5D.read(dataset.Id, H5T.NATIVE_DOUBLE, memory.Id, whole.Id, H5P.DEFAULT, (nint)bytes),
                        "read subjects of",
                        subject
                    );
            }
        }
    }
}
