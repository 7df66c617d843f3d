namespace HpcFit.Shared.Elements;

/// <summary>
/// Results at consecutive elements: one value per column and element, column-major, and one status per element. The one form of results
/// from an engine, which fills it, to the partial file, to which it is appended. A view of memory that belongs to whoever made the block
/// (in a fit, the thread's <c>StripeFitter</c>) and that holds the next block's results once this one has been published: whoever
/// receives a block copies what is to be kept.
/// </summary>
public readonly struct ResultBlock
{
    private readonly Memory<double> _values;
    private readonly Memory<ElementStatus> _status;
    private readonly int _stride;

    /// <summary>A block over whole arrays.</summary>
    /// <param name="elements">Its elements, at least one.</param>
    /// <param name="columns">Column-major: column c of the block's element e at <c>c * elements.Count + e</c>. NaN where there is no
    /// value.</param>
    /// <param name="status">One code per element.</param>
    /// <exception cref="ArgumentException">The lengths contradict each other.</exception>
    public ResultBlock(ElementRange elements, Memory<double> columns, Memory<ElementStatus> status)
        : this(elements, columns, status, (int)elements.Count, (int)(columns.Length / elements.Count))
    {
        if (status.Length != elements.Count || columns.Length != (long)Width * status.Length)
            throw new ArgumentException($"{elements.Count} elements have {columns.Length} values and {status.Length} codes.");
    }

    private ResultBlock(ElementRange elements, Memory<double> values, Memory<ElementStatus> status, int stride, int width) =>
        (Elements, _values, _status, _stride, Width) = (elements, values, status, stride, width);

    /// <summary>The elements.</summary>
    public ElementRange Elements { get; }

    /// <summary>
    /// What the block carries besides its columns, whatever the number of its elements: the bytes per block of the layout. Zero where a
    /// block begins; all pieces of a block share them. None for most models.
    /// </summary>
    public Memory<byte> Bytes { get; init; }

    /// <summary>How many elements.</summary>
    public int Count => _status.Length;

    /// <summary>How many columns.</summary>
    public int Width { get; }

    /// <summary>One code per element.</summary>
    public Span<ElementStatus> Status => _status.Span;

    /// <summary>Whether each column begins where the one before it ends.</summary>
    public bool IsContiguous => _stride == Count;

    /// <summary>The values of one column, by element.</summary>
    public Span<double> Column(int column) => _values.Span.Slice(column * _stride, Count);

    /// <summary>All columns, one after the other, of a block that <see cref="IsContiguous"/>.</summary>
    /// <exception cref="InvalidOperationException">The block is a part of a larger one.</exception>
    public Span<double> Columns() =>
        IsContiguous
            ? _values.Span[..(Width * Count)]
            : throw new InvalidOperationException($"The columns of elements {Elements} are a part of longer ones.");

    /// <summary>Stores one value.</summary>
    /// <param name="column">The column.</param>
    /// <param name="element">The element, counted from the block's first.</param>
    public double this[int column, int element]
    {
        set => _values.Span[(column * _stride) + element] = value;
    }

    /// <summary>Sets every value to NaN; the codes stay.</summary>
    public void FillWithNaN()
    {
        for (var column = 0; column < Width; column++)
            Column(column).Fill(double.NaN);
    }

    /// <summary>A part of the block, in the same memory.</summary>
    /// <param name="part">Some of its elements, at least one.</param>
    public ResultBlock Slice(ElementRange part)
    {
        var (skip, count) = (checked((int)(part.First - Elements.First)), checked((int)part.Count));
        return new(part, _values[skip..], _status.Slice(skip, count), _stride, Width) { Bytes = Bytes };
    }

    /// <summary>The runs of elements whose status is none of <paramref name="excluded"/>, each as a part of this block.</summary>
    public IReadOnlyList<ResultBlock> Without(ReadOnlySpan<ElementStatus> excluded)
    {
        var parts = new List<ResultBlock>();
        for (var first = 0; first < Count; first++)
        {
            var end = first;
            while (end < Count && !excluded.Contains(Status[end]))
                end++;
            if (end > first)
                parts.Add(Slice(new(Elements.First + first, Elements.First + end)));
            first = end;
        }
        return parts;
    }
}
