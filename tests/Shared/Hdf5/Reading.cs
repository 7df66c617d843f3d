using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Shared.Tests.Hdf5;

/// <summary>Reads a whole scalar stripe by stripe.</summary>
internal static class Reading
{
    public static double[] Whole(StripeSource source, string inflater = "zlib", int stripesTogether = 1)
    {
        var (subjects, elements) = (source.Scalar.Subjects, source.Scalar.Elements);
        var values = new double[subjects * elements];
        using var reader =
            source.Mode != ReadMode.Library && source.Scalar.Layout.Kind == StorageLayout.Chunked && !source.SlicesChunks
                ? new ChunkedStripeReader(source, Inflaters.Create(inflater))
                : source.CreateReader();
        for (long stripe = 0; stripe < source.Plan.Count; stripe += stripesTogether)
        {
            var first = source.Plan.Range(stripe).First;
            var end = source.Plan.Range(Math.Min(source.Plan.Count, stripe + stripesTogether) - 1).End;
            var read = reader.Read(new(first, end));
            for (var i = 0; i < subjects; i++)
            {
                for (var e = 0; e < read.Count; e++)
                    values[(i * elements) + first + e] = read.Doubles.IsEmpty
                        ? read.Singles.Span[(i * read.Stride) + e]
                        : read.Doubles.Span[(i * read.Stride) + e];
            }
        }
        return values;
    }

    public static StripeSource Open(string path, string scalar, long stripeMemory = StripePlan.DefaultStripeMemory)
    {
        var file = ModelArrayFile.Open(path);
        return StripeSource.Open(file, file.Scalar(scalar), stripeMemory: stripeMemory);
    }
}
