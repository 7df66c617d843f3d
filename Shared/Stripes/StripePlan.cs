using HpcFit.Shared.Elements;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// How a scalar's elements are cut into stripes, the unit that is read and inflated once. Pure geometry: stripe s holds the elements
/// [s × <see cref="ElementsPerStripe"/>, (s + 1) × <see cref="ElementsPerStripe"/>), the last one possibly fewer.
/// </summary>
/// <remarks>
/// Chunked: the smallest number of whole chunk columns (all chunks of the same elements) with 1 MB of inflated values. Contiguous: 4 MB.
/// A chunk column larger than the stripe memory is cut into slices, each of which inflates the whole column.
/// </remarks>
public sealed record StripePlan
{
    /// <summary>The fewest inflated bytes in a stripe of a chunked file.</summary>
    public const long SmallestStripeBytes = 1_000_000;

    /// <summary>Bytes of a stripe of a contiguous file.</summary>
    public const long ContiguousStripeBytes = 4_000_000;

    /// <summary>The default of <c>--stripe-memory</c>.</summary>
    public const long DefaultStripeMemory = 256L << 20;

    private StripePlan(long elements, long elementsPerStripe, long slices, long bytesPerElement, string? advice)
    {
        (Elements, ElementsPerStripe, SlicesPerChunkColumn, BytesPerElement, Advice) = (
            elements,
            elementsPerStripe,
            slices,
            bytesPerElement,
            advice
        );
    }

    /// <summary>How many elements there are.</summary>
    public long Elements { get; }

    /// <summary>The width of a stripe.</summary>
    public long ElementsPerStripe { get; }

    /// <summary>How often each chunk is inflated: 1, or more where a chunk column exceeds the stripe memory.</summary>
    public long SlicesPerChunkColumn { get; }

    /// <summary>Stored bytes of one element, inflated.</summary>
    public long BytesPerElement { get; }

    /// <summary>Advice on the file's layout for the user; null when the layout suits fitting.</summary>
    public string? Advice { get; }

    /// <summary>How many stripes there are.</summary>
    public long Count => (Elements + ElementsPerStripe - 1) / ElementsPerStripe;

    /// <summary>The number of the stripe that holds <paramref name="element"/>.</summary>
    public long StripeOf(long element) => element / ElementsPerStripe;

    /// <summary>The elements of a stripe.</summary>
    public ElementRange Range(long stripe) => new(stripe * ElementsPerStripe, Math.Min(Elements, (stripe + 1) * ElementsPerStripe));

    /// <summary>Plans the stripes of a scalar.</summary>
    /// <param name="scalar">The scalar, usually the response.</param>
    /// <param name="stripeMemory">Inflated bytes that one stripe may take.</param>
    public static StripePlan For(ScalarMatrix scalar, long stripeMemory = DefaultStripeMemory)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        ArgumentOutOfRangeException.ThrowIfLessThan(stripeMemory, 1);
        var bytesPerElement = scalar.Subjects * scalar.Type.Size;
        if (scalar.Layout.Kind != StorageLayout.Chunked)
        {
            var width = Math.Clamp(Math.Min(ContiguousStripeBytes, stripeMemory) / bytesPerElement, 1, scalar.Elements);
            return new(scalar.Elements, width, 1, bytesPerElement, null);
        }
        var column = Math.Min(scalar.ChunkElements, scalar.Elements);
        var columnBytes = column * bytesPerElement;
        if (columnBytes <= stripeMemory)
        {
            var columns = Math.Max(1, (SmallestStripeBytes + columnBytes - 1) / columnBytes);
            return new(scalar.Elements, Math.Min(columns * scalar.ChunkElements, scalar.Elements), 1, bytesPerElement, null);
        }
        var sliced = SliceWidth(column, Math.Max(1, stripeMemory / bytesPerElement));
        var slices = (column + sliced - 1) / sliced;
        return new(
            scalar.Elements,
            sliced,
            slices,
            bytesPerElement,
            $"A chunk column of '{scalar.DatasetPath}' holds {columnBytes / 1e6:N0} MB, more than the stripe memory of "
                + $"{stripeMemory / 1e6:N0} MB: each chunk is inflated "
                + $"{slices} times. Raise --stripe-memory, or rechunk the file: hpcfit rechunk old.h5 new.h5"
        );
    }

    /// <summary>
    /// The widest slice within the limit that divides a column evenly, so that no slice straddles two columns; the limit itself when only
    /// much narrower slices do.
    /// </summary>
    private static long SliceWidth(long column, long limit)
    {
        for (var slices = (column + limit - 1) / limit; column / slices * 2 > limit; slices++)
        {
            if (column % slices == 0)
                return column / slices;
        }
        return limit;
    }
}
