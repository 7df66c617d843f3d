using HpcFit.Shared.Elements;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Pipeline;

/// <summary>The part of a job in one stripe: what a thread reads at once, so that each stripe is inflated once.</summary>
/// <param name="Ranges">The elements to fit, ascending and disjoint, inside one stripe.</param>
internal readonly record struct StripePiece(ReadOnlyMemory<ElementRange> Ranges)
{
    /// <summary>From the first to the last element: what is read.</summary>
    public ElementRange Span => new(Ranges.Span[0].First, Ranges.Span[^1].End);

    /// <summary>How many elements are fitted.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var range in Ranges.Span)
                count += range.Count;
            return count;
        }
    }

    /// <summary>Whether it has elements in <paramref name="span"/>.</summary>
    public bool Touches(ElementRange span)
    {
        foreach (var range in Ranges.Span)
        {
            if (range.Intersect(span).Count > 0)
                return true;
        }
        return false;
    }

    /// <summary>Cuts elements at the borders of stripes.</summary>
    public static IReadOnlyList<StripePiece> Cut(ElementSet elements, StripePlan stripes)
    {
        var pieces = new List<StripePiece>();
        var ranges = new List<ElementRange>();
        foreach (var whole in elements)
        {
            for (var rest = whole; rest.Count > 0; )
            {
                var part = rest.Intersect(stripes.Range(stripes.StripeOf(rest.First)));
                if (ranges.Count > 0 && stripes.StripeOf(ranges[0].First) != stripes.StripeOf(part.First))
                    Complete(pieces, ranges);
                ranges.Add(part);
                rest = rest with { First = part.End };
            }
        }
        if (ranges.Count > 0)
            Complete(pieces, ranges);
        return pieces;
    }

    private static void Complete(List<StripePiece> pieces, List<ElementRange> ranges)
    {
        pieces.Add(new(ranges.ToArray()));
        ranges.Clear();
    }
}
