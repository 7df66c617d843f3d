using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>
/// The stripes of a response scalar: element ids cut at every multiple of a width; the last stripe may be shorter.
/// Jobs are cut on these borders, so that no stripe is inflated by two jobs.
/// </summary>
internal readonly record struct StripeGrid
{
    /// <summary>Stripes of <paramref name="elementsPerStripe"/> elements (at least 1).</summary>
    public StripeGrid(long elementsPerStripe)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elementsPerStripe, 1);
        ElementsPerStripe = elementsPerStripe;
    }

    /// <summary>The width of a stripe.</summary>
    public long ElementsPerStripe { get; }

    /// <summary>The number of the stripe that holds <paramref name="element"/>.</summary>
    public long StripeOf(long element) => element / ElementsPerStripe;

    /// <summary>
    /// How many stripes <paramref name="elements"/> touch, and thus how many must be read and inflated. Linear in the number of ranges.
    /// </summary>
    public long CountTouched(ElementSet elements)
    {
        long touched = 0,
            last = -1;
        foreach (var range in elements.Ranges)
        {
            var (first, end) = (StripeOf(range.First), StripeOf(range.End - 1));
            touched += end - first + (first == last ? 0 : 1);
            last = end;
        }
        return touched;
    }

    /// <summary>The ranges of <paramref name="elements"/> cut at stripe borders, ascending, each with its stripe's number.</summary>
    public IEnumerable<(long Stripe, ElementRange Range)> Cells(ElementSet elements)
    {
        foreach (var range in elements)
        {
            for (var first = range.First; first < range.End; )
            {
                var stripe = StripeOf(first);
                var end = Math.Min(range.End, (stripe + 1) * ElementsPerStripe);
                yield return (stripe, new(first, end));
                first = end;
            }
        }
    }
}
