namespace HpcFit.Shared.Elements;

/// <summary>A half-open range of 0-based element ids, <c>[First, End)</c>. Never empty in a set.</summary>
/// <param name="First">The first id.</param>
/// <param name="End">One past the last id.</param>
public readonly record struct ElementRange(long First, long End)
{
    /// <summary>The number of elements.</summary>
    public long Count => End - First;

    /// <summary>Whether <paramref name="element"/> lies in it.</summary>
    public bool Contains(long element) => element >= First && element < End;

    /// <summary>The intersection; its <see cref="Count"/> is 0 or negative if the ranges are disjoint.</summary>
    public ElementRange Intersect(ElementRange other) => new(Math.Max(First, other.First), Math.Min(End, other.End));

    /// <summary>As users write it: 1-based and inclusive, <c>1:100</c>, or <c>205</c> for one element.</summary>
    public override string ToString() => Count == 1 ? $"{First + 1}" : $"{First + 1}:{End}";
}
