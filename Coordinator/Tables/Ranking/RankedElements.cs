namespace HpcFit.Coordinator.Tables.Ranking;

/// <summary>The elements of an analysis ranked by one of its columns.</summary>
/// <param name="Rows">The strongest, first to last; equal values in the order of the elements.</param>
/// <param name="WithValue">The number of elements that have a value in the column.</param>
/// <param name="Passing">The number of those that are within the limits.</param>
/// <param name="Strongest">The first element regardless of the limits; null: none has a value.</param>
internal sealed record RankedElements(int[] Rows, long WithValue, long Passing, int? Strongest);
