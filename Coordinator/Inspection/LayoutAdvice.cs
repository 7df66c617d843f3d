using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Coordinator.Inspection;

/// <summary>
/// Advice on the storage layout of a scalar. Fitting reads every subject of a range of elements at once, which some layouts make slow.
/// </summary>
internal static class LayoutAdvice
{
    private const string Rechunk = "hpcfit rechunk old.h5 new.h5";

    /// <summary>One message per finding; empty if the layout is suitable.</summary>
    public static IEnumerable<string> For(ScalarMatrix scalar)
    {
        if (scalar.Problem is { } problem)
        {
            yield return problem;
            yield break;
        }

        var plan = StripePlan.For(scalar);
        if (plan.Advice is { } advice)
            yield return advice;
        if (scalar.Layout.Kind != StorageLayout.Chunked)
        {
            yield return scalar.Layout.Kind == StorageLayout.Contiguous
                ? "Not chunked, so not compressed, and a range of elements is read from one place per subject. It works; chunks "
                    + "over all subjects with "
                    + "gzip 4 would take less space: "
                    + Rechunk
                : "Neither chunked nor contiguous: read through the HDF5 library, on one thread at a time.";
            yield break;
        }

        if (!scalar.Layout.HasPlainFilters)
            yield return $"The filters {Names(scalar)} are read through the HDF5 library, on one thread at a time; gzip and shuffle "
                + "are inflated on all "
                + "threads.";
        if (scalar.ChunkSubjects < scalar.Subjects)
        {
            var chunks = Chunks(scalar);
            yield return $"A chunk contains {scalar.ChunkSubjects:N0} of {scalar.Subjects:N0} subjects, so the file has {chunks:N0} "
                + "chunks. It works; chunks "
                + $"over all subjects are faster to find and read: {Rechunk}";
        }
        else if (scalar.ChunkElements >= scalar.Elements && plan.BytesPerElement * scalar.Elements > 8 * StripePlan.SmallestStripeBytes)
        {
            yield return $"One chunk contains the whole scalar, so only one thread can work on it. Use smaller chunks: {Rechunk}";
        }
    }

    /// <summary>The number of chunks of the scalar.</summary>
    public static long Chunks(ScalarMatrix scalar) =>
        Ceiling(scalar.Subjects, scalar.ChunkSubjects) * Ceiling(scalar.Elements, scalar.ChunkElements);

    private static string Names(ScalarMatrix scalar) => string.Join(" + ", scalar.Layout.Filters.Where(filter => !filter.IsPlain));

    private static long Ceiling(long total, long part) => (total + part - 1) / part;
}
