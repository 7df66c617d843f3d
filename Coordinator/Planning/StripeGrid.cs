using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>
/// The stripes of a response scalar: element ids cut at every multiple of a width; the last stripe may be shorter.
/// Jobs are cut on these borders, so that no stripe is inflated by two jobs, or inside stripes where fitting costs more than inflating
/// again.
/// </summary>
internal readonly record struct StripeGrid
{
    /// <summary>Stripes of <paramref name="elementsPerStripe"/> elements (at least 1).</summary>
    public StripeGrid(long elementsPerStripe)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elementsPerStripe, 1);
        ElementsPerStripe = ElementsPerCell = elementsPerStripe;
    }

    /// <summary>The width of a stripe.</summary>
    public long ElementsPerStripe { get; }

    /// <summary>The width of the parts of a stripe that are not cut further: the stripe itself, unless it was divided.</summary>
    public long ElementsPerCell { get; private init; }

    /// <summary>The same stripes, in equal cells of at most <paramref name="elementsPerCell"/> elements.</summary>
    public StripeGrid Divided(long elementsPerCell)
    {
        var width = Math.Clamp(elementsPerCell, 1, ElementsPerStripe);
        var cells = (ElementsPerStripe + width - 1) / width;
        return this with { ElementsPerCell = (ElementsPerStripe + cells - 1) / cells };
    }

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

    /// <summary>How many cells <paramref name="elements"/> touch.</summary>
    public long CountCells(ElementSet elements)
    {
        if (ElementsPerCell == ElementsPerStripe)
            return CountTouched(elements);
        long cells = 0,
            last = -1;
        foreach (var (cell, _) in Cells(elements))
        {
            cells += cell == last ? 0 : 1;
            last = cell;
        }
        return cells;
    }

    /// <summary>The ranges of <paramref name="elements"/> cut at the borders of cells, ascending, each with its cell's number.</summary>
    public IEnumerable<(long Cell, ElementRange Range)> Cells(ElementSet elements)
    {
        var cellsPerStripe = (ElementsPerStripe + ElementsPerCell - 1) / ElementsPerCell;
        foreach (var range in elements)
        {
            for (var first = range.First; first < range.End; )
            {
                var stripe = StripeOf(first);
                var inStripe = (first - (stripe * ElementsPerStripe)) / ElementsPerCell;
                var border = (stripe * ElementsPerStripe) + Math.Min((inStripe + 1) * ElementsPerCell, ElementsPerStripe);
                var end = Math.Min(range.End, border);
                yield return ((stripe * cellsPerStripe) + inStripe, new(first, end));
                first = end;
            }
        }
    }
}
