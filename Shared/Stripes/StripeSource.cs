using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.ModelArray;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// One scalar, ready to be read by many threads, each with its own <see cref="StripeReader"/>. The chunk index is read once, here;
/// afterwards HDF5 is closed in <see cref="ReadMode.Positional"/>. In other modes the file stays open until this is disposed, and a write
/// into it has to wait.
/// </summary>
public sealed class StripeSource : IDisposable
{
    private readonly LibraryDataset? _library;

    private StripeSource(ModelArrayFile file, ScalarMatrix scalar, StripePlan plan, long stripeMemory, ReadCounters counters)
    {
        (File, Scalar, Plan, Counters) = (file, scalar, plan, counters);
        Data = RegularFile.OpenRead(scalar.Storage.Owner ?? file.Path, "values of a scalar");
        try
        {
            (Mode, Index, _library) = Prepare(stripeMemory);
        }
        catch
        {
            Data.Dispose();
            throw;
        }
        SlicesChunks = scalar.Layout.Kind == StorageLayout.Chunked && ChunkBytes > stripeMemory;
    }

    /// <summary>The file.</summary>
    public ModelArrayFile File { get; }

    /// <summary>The scalar.</summary>
    public ScalarMatrix Scalar { get; }

    /// <summary>The stripes in which it is read: those of the response for all scalars of a model.</summary>
    public StripePlan Plan { get; }

    /// <summary>How values are read.</summary>
    public ReadMode Mode { get; }

    /// <summary>The cost of reading, over all readers.</summary>
    public ReadCounters Counters { get; }

    /// <summary>The file that holds the values, for positional reads.</summary>
    internal SafeFileHandle Data { get; }

    /// <summary>The chunk index; null when contiguous or read through the library.</summary>
    internal ChunkIndex? Index { get; }

    /// <summary>Whether chunks are too large for memory, so that slices of them are streamed.</summary>
    internal bool SlicesChunks { get; }

    /// <summary>The dataset held open. Only in modes other than <see cref="ReadMode.Positional"/>.</summary>
    internal LibraryDataset Library => _library ?? throw new InvalidOperationException("A positional source holds no dataset open.");

    /// <summary>Inflated bytes of a chunk.</summary>
    internal long ChunkBytes => Scalar.ChunkSubjects * Scalar.ChunkElements * Scalar.Type.Size;

    /// <summary>Prepares reading a scalar.</summary>
    /// <param name="file">The file, from <see cref="ModelArrayFile.Open"/>.</param>
    /// <param name="scalar">One of its scalars, from <see cref="ModelArrayFile.Scalar"/>.</param>
    /// <param name="plan">The stripes; null: the scalar's own.</param>
    /// <param name="stripeMemory">Inflated bytes one stripe may take; larger chunks are streamed.</param>
    /// <param name="counters">The counters; null: new ones.</param>
    public static StripeSource Open(
        ModelArrayFile file,
        ScalarMatrix scalar,
        StripePlan? plan = null,
        long stripeMemory = StripePlan.DefaultStripeMemory,
        ReadCounters? counters = null
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(scalar);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stripeMemory, 1L << 30);
        if (scalar.Problem is { } problem)
            throw new BadInputException($"The scalar '{scalar.Name}' of '{file.Path}' cannot be used: {problem}");
        return new(file, scalar, plan ?? StripePlan.For(scalar, stripeMemory), stripeMemory, counters ?? new());
    }

    /// <summary>A reader for one thread.</summary>
    public StripeReader CreateReader() =>
        Mode == ReadMode.Library ? new LibraryStripeReader(this)
        : Scalar.Layout.Kind == StorageLayout.Contiguous ? new ContiguousStripeReader(this)
        : SlicesChunks ? new SlicedStripeReader(this)
        : new ChunkedStripeReader(this, Inflaters.Create());

    /// <inheritdoc/>
    public void Dispose()
    {
        _library?.Dispose();
        Data.Dispose();
    }

    /// <summary>Creates the exception for a part of the dataset that cannot be read.</summary>
    internal CorruptChunkException Corrupt(string part, ElementRange elements, string reason, Exception? inner = null) =>
        new(Scalar.Storage.Owner ?? File.Path, Scalar.DatasetPath, part, elements, reason, inner);

    private (ReadMode Mode, ChunkIndex? Index, LibraryDataset? Library) Prepare(long stripeMemory)
    {
        var layout = Scalar.Layout;
        if (layout.Kind == StorageLayout.Contiguous && Scalar.Type.Kind != StoredKind.Other)
            return (ReadMode.Positional, null, null);
        var isSupported =
            layout.Kind == StorageLayout.Chunked && Scalar.Type.Kind != StoredKind.Other && ChunkDecoder.CanDecode(layout.Filters);
        var opened = LibraryDataset.Open(File.Path, Scalar, Plan);
        try
        {
            if (!isSupported)
                return (ReadMode.Library, null, opened);
            var index = ChunkIndexReader.Read(
                opened.Dataset,
                new ChunkGrid(Scalar),
                Data,
                Scalar.Storage.Owner is null ? File.UserBlock : Scalar.Storage.UserBlock,
                Counters,
                opened.Subject
            );
            if (index is null)
                return (ChunkBytes > stripeMemory ? ReadMode.Library : ReadMode.RawChunks, null, opened);
            opened.Dispose();
            return (ReadMode.Positional, index, null);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}

/// <summary>How a scalar's values are read.</summary>
public enum ReadMode
{
    /// <summary>Raw bytes by positional reads, filters on our threads; the HDF5 library is closed and no lock is taken.</summary>
    Positional,

    /// <summary>Raw chunks through the library under its lock (no chunk index in reasonable time), filters on our threads.</summary>
    RawChunks,

    /// <summary>Everything through the library: filters, types or layouts that only it supports.</summary>
    Library,
}
