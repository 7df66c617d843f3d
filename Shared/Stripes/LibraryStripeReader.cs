using HpcFit.Shared.Elements;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Reads a scalar through the library alone: other filters, odd types, compact, external and virtual layouts. One call per stripe, under
/// the lock.
/// </summary>
internal sealed unsafe class LibraryStripeReader : StripeReader
{
    private readonly StripeBuffer _buffer;
    private StripeBuffer _filled;
    private readonly StoredType _memoryType;
    private byte[] _rectangle = [];

    /// <summary>A reader of a source in <see cref="ReadMode.Library"/>.</summary>
    public LibraryStripeReader(StripeSource source)
        : base(source)
    {
        _memoryType = new(StoredKind.FloatingPoint, source.Scalar.Type.MemorySize, BigEndian: false);
        _filled = _buffer = new(_memoryType, source.Scalar.IsTransposed, checked((int)source.Scalar.Subjects), source.Scalar.Missing);
    }

    /// <inheritdoc/>
    protected override void LoadRange(ElementRange range)
    {
        var (subjects, elements) = ((int)Source.Scalar.Subjects, checked((int)range.Count));
        var bytes = checked(subjects * elements * _memoryType.Size);
        if (_rectangle.Length < bytes)
            _rectangle = GC.AllocateUninitializedArray<byte>(bytes);
        _filled = _buffer;
        _buffer.Start(range);
        Fetch(range);
        var (rows, columns) = Source.Scalar.IsTransposed ? (elements, subjects) : (subjects, elements);
        _buffer.Place(new(_rectangle.AsMemory(0, bytes), columns, (long)rows * columns, IsShuffled: false), 0, rows, 0, columns, 0, 0);
        Source.Counters.AddInflated(bytes);
        DigestValues(_buffer.Values(range));
    }

    /// <inheritdoc/>
    protected override void DigestRange(ElementRange range) => LoadRange(range);

    /// <inheritdoc/>
    protected override void ShareRange(StripeReader loaded) => _filled = ((LibraryStripeReader)loaded)._filled;

    /// <inheritdoc/>
    protected override ScalarValues ValuesOf(ElementRange part) => _filled.Values(part);

    private void Fetch(ElementRange range)
    {
        var (subjects, dataset) = ((ulong)Source.Scalar.Subjects, Source.Library.Dataset);
        var (first, elements) = ((ulong)range.First, (ulong)range.Count);
        var start = stackalloc ulong[2] { Source.Scalar.IsTransposed ? first : 0, Source.Scalar.IsTransposed ? 0 : first };
        var count = stackalloc ulong[2]
        {
            Source.Scalar.IsTransposed ? elements : subjects,
            Source.Scalar.IsTransposed ? subjects : elements,
        };
        Source.Counters.AddLibraryCalls(1);
        lock (Hdf5Library.Lock)
        {
            var subject = Source.Library.Subject;
            using var file = new Hdf5DataspaceHandle(Hdf5Status.Check(H5D.get_space(dataset.Id), "read the shape of", subject));
            using var memory = new Hdf5DataspaceHandle(
                Hdf5Status.Check(H5S.create_simple(2, count, null), "describe the memory for", subject)
            );
            Hdf5Status.Check(H5S.select_hyperslab(file.Id, H5S.SELECT_SET, start, null, count, null), "select elements of", subject);
            int status;
            var type = _memoryType.IsSingle ? H5T.NATIVE_FLOAT : H5T.NATIVE_DOUBLE;
            fixed (byte* target = _rectangle)
                status = H5D.read(dataset.Id, type, memory.Id, file.Id, H5P.DEFAULT, (nint)target);
            if (status >= 0)
                return;
            var failure = Hdf5Status.Failure("read", subject);
            throw Source.Corrupt("A part", range, Explain(failure.NativeStack), failure);
        }
    }

    private string Explain(string stack) =>
        stack.Contains("filter", StringComparison.OrdinalIgnoreCase) && stack.Contains("not registered", StringComparison.Ordinal)
            ? "a filter of the dataset is not installed here: "
                + $"{string.Join(", ", Source.Scalar.Layout.Filters.Where(filter => H5Z.filter_avail(filter.Id) <= 0))}. Set "
                + $"HDF5_PLUGIN_PATH to the folder of its plugin.\n{stack}\n"
            : $"HDF5 reports:\n{stack}\n";
}
