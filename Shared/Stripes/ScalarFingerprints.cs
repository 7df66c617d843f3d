using System.Runtime.InteropServices;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// The data file's share of a run's digest: shape, type, layout, filters, source names, the stored size of every chunk, and the
/// beginning and end of 64 stored chunks spread over the scalar. (A gzip stream ends with a checksum of its content.)
/// </summary>
/// <remarks>
/// Chunk addresses are not included: they affect no result, and not every release of the library reports them, while nodes with different
/// releases must compute the same digest.
/// </remarks>
public static class ScalarFingerprints
{
    /// <summary>How many stored chunks, pieces of a contiguous scalar, or elements of another layout are hashed.</summary>
    public const int Samples = 64;

    private const int ContiguousPiece = 1 << 16;

    /// <summary>
    /// The fingerprint of a scalar. Reads at most 4 MB; without a chunk index it also queries the size of every chunk (2 µs each).
    /// </summary>
    public static ScalarFingerprint Compute(StripeSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var hash = new CanonicalHash();
        var scalar = source.Scalar;
        hash.Add("scalar", scalar.Name).Add("type", scalar.Type.ToString()).Add("layout", scalar.Layout.Kind.ToString());
        hash.Add("subjects", scalar.Subjects)
            .Add("elements", scalar.Elements)
            .Add("transposed", scalar.IsTransposed)
            .Add("fill", scalar.Layout.FillValue);
        foreach (var extent in scalar.Layout.Chunk)
            hash.Add("chunk", extent);
        foreach (var filter in scalar.Layout.Filters)
        {
            hash.Add("filter", filter.Id);
            foreach (var parameter in filter.Parameters)
                hash.Add("parameter", parameter);
        }
        hash.Add("sources", scalar.SourceNames);
        if (scalar.Missing.Exist)
            hash.Add("missing", scalar.Missing.Values);
        switch (scalar.Layout.Kind)
        {
            case StorageLayout.Chunked:
                AddChunks(hash, source);
                break;
            case StorageLayout.Contiguous:
                AddContiguous(hash, source);
                break;
            default:
                AddElements(hash, source);
                break;
        }
        return new(
            scalar.Name,
            hash.Finish(),
            $"{scalar.Subjects} subjects x {scalar.Elements} elements, {scalar.Type}",
            new CanonicalHash().Add("sources", scalar.SourceNames).Finish(),
            scalar.Missing.Note
        );
    }

    private static void AddChunks(CanonicalHash hash, StripeSource source)
    {
        var grid = new ChunkGrid(source.Scalar);
        var sizes = new long[grid.Count];
        var stored = new List<long>();
        for (long number = 0; number < sizes.Length; number++)
        {
            sizes[number] = source.Index is { } index ? index[number].Size : StoredSize(source, grid, number);
            if (sizes[number] > 0)
                stored.Add(number);
        }
        hash.Add("chunkSizes", MemoryMarshal.AsBytes(sizes.AsSpan()));
        var fetcher = new ChunkFetcher(source, grid);
        foreach (var i in Spread(stored.Count))
        {
            var (beginning, end) = fetcher.Sample(stored[(int)i], out var filterMask);
            hash.Add("number", stored[(int)i]).Add("mask", filterMask).Add("beginning", beginning.Span).Add("end", end.Span);
        }
    }

    private static void AddContiguous(CanonicalHash hash, StripeSource source)
    {
        if (source.Scalar.Layout.Offset is not { } offset)
            return;
        var total = source.Scalar.InflatedBytes;
        var piece = new byte[Math.Min(ContiguousPiece, total)];
        foreach (var start in Spread(total - piece.Length + 1))
        {
            var read = PositionalRead.Fill(source.Data, piece, offset + start);
            hash.Add("piece", piece.AsSpan(0, read));
        }
    }

    private static void AddElements(CanonicalHash hash, StripeSource source)
    {
        using var reader = source.CreateReader();
        var subjects = (int)source.Scalar.Subjects;
        foreach (var element in Spread(source.Scalar.Elements))
        {
            var values = reader.Read(new(element, element + 1));
            if (values.AreSingles)
                AddColumn(hash, values.Singles.Span, values.Stride, subjects);
            else
                AddColumn(hash, values.Doubles.Span, values.Stride, subjects);
        }
    }

    /// <summary>The first value of each row.</summary>
    private static void AddColumn<T>(CanonicalHash hash, ReadOnlySpan<T> values, int stride, int subjects)
        where T : unmanaged
    {
        var column = new T[subjects];
        for (var row = 0; row < column.Length; row++)
            column[row] = values[row * stride];
        hash.Add("values", MemoryMarshal.AsBytes(column.AsSpan()));
    }

    /// <summary>Up to 64 numbers of [0, count), the first and the last among them.</summary>
    private static IEnumerable<long> Spread(long count)
    {
        var samples = Math.Min(Samples, count);
        for (long i = 0; i < samples; i++)
            yield return samples == 1 ? 0 : checked((count - 1) * i) / (samples - 1);
    }

    private static unsafe long StoredSize(StripeSource source, ChunkGrid grid, long number)
    {
        var (row, column) = grid.Origin(number);
        var offset = stackalloc ulong[2] { (ulong)row, (ulong)column };
        source.Counters.AddLibraryCalls(1);
        lock (Hdf5Library.Lock)
        {
            Hdf5Status.Check(
                H5D.get_chunk_storage_size(source.Library.Dataset.Id, offset, out var size),
                "get the size of a chunk of",
                source.Library.Subject
            );
            return (long)size;
        }
    }
}
