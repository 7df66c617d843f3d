using HpcFit.Shared.Claims;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// A scalar's dataset held open, with a chunk cache sized for stripes. Its calls take the library's lock. While it is open a writer of the
/// file waits, on whatever node: the library reads metadata that a write changes.
/// </summary>
internal sealed class LibraryDataset : IDisposable
{
    private readonly FileLock _held;
    private readonly Hdf5ReadFile _file;

    private LibraryDataset(FileLock held, Hdf5ReadFile file, Hdf5DatasetHandle dataset, string subject) =>
        (_held, _file, Dataset, Subject) = (held, file, dataset, subject);

    /// <summary>The dataset.</summary>
    public Hdf5DatasetHandle Dataset { get; }

    /// <summary>Dataset and file, for messages.</summary>
    public string Subject { get; }

    /// <summary>Opens a scalar's values.</summary>
    public static LibraryDataset Open(string path, ScalarMatrix scalar, StripePlan plan)
    {
        var held = FileLock.Share(path, UndoJournal.Patience);
        Hdf5ReadFile? file = null;
        try
        {
            file = Hdf5ReadFile.Open(path);
            using var access = AccessFor(scalar, plan);
            return new(held, file, file.OpenDataset(scalar.DatasetPath, access?.Id ?? H5P.DEFAULT), file.Describe(scalar.DatasetPath));
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// As HDF5's documentation advises: the bytes of all chunks of a stripe, a prime number of slots about 100 times the number of chunks,
    /// and w0 = 1, because a chunk that was read completely is not needed again.
    /// </summary>
    public static (long Slots, long Bytes) CacheFor(ScalarMatrix scalar, StripePlan plan)
    {
        var across = ((plan.ElementsPerStripe + scalar.ChunkElements - 1) / scalar.ChunkElements) + 1;
        var down = (scalar.Subjects + scalar.ChunkSubjects - 1) / scalar.ChunkSubjects;
        var chunks = across * down;
        return (NextPrime(Math.Min(100 * chunks, 10_000_000)), chunks * scalar.ChunkSubjects * scalar.ChunkElements * scalar.Type.Size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dataset.Dispose();
        _file.Dispose();
        _held.Dispose();
    }

    private static Hdf5PropertyListHandle? AccessFor(ScalarMatrix scalar, StripePlan plan)
    {
        if (scalar.Layout.Kind != StorageLayout.Chunked)
            return null;
        lock (Hdf5Library.Lock)
        {
            var access = new Hdf5PropertyListHandle(
                Hdf5Status.Check(H5P.create(H5P.DATASET_ACCESS), "make the access properties for", scalar.DatasetPath)
            );
            var (slots, bytes) = CacheFor(scalar, plan);
            Hdf5Status.Check(H5P.set_chunk_cache(access.Id, (nint)slots, (nint)bytes, 1.0), "set the chunk cache for", scalar.DatasetPath);
            return access;
        }
    }

    private static long NextPrime(long atLeast)
    {
        for (var candidate = Math.Max(2, atLeast); ; candidate++)
        {
            var isPrime = true;
            for (long divisor = 2; divisor * divisor <= candidate && isPrime; divisor++)
                isPrime = candidate % divisor != 0;
            if (isPrime)
                return candidate;
        }
    }
}
