using System.Runtime.InteropServices;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Stripes;

namespace HpcFit.Benchmarks.Data;

/// <summary>The first elements of a study as plain float64, an element's subjects together: what R reads without any package.</summary>
internal static class PlainValues
{
    /// <returns>The file's path; the caller deletes it.</returns>
    public static string Write(Study study, int elements)
    {
        var path = Path.Combine(study.Folder, "values.f64");
        var file = ModelArrayFile.Open(study.Data);
        using var source = StripeSource.Open(file, file.Scalar("FDC"));
        using var reader = source.CreateReader();
        using var output = File.Create(path);
        var column = new double[study.Subjects];
        for (long first = 0; first < elements; first += source.Plan.ElementsPerStripe)
        {
            var stripe = reader.Read(new(first, Math.Min(elements, first + source.Plan.ElementsPerStripe)));
            for (var e = 0; e < stripe.Count; e++)
            {
                for (var i = 0; i < column.Length; i++)
                    column[i] = stripe.Singles.Span[(i * stripe.Stride) + e];
                output.Write(MemoryMarshal.AsBytes(column.AsSpan()));
            }
        }
        return path;
    }
}
