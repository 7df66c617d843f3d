namespace HpcFit.Coordinator.Reporting.Maps;

/// <summary>A row of an analysis that readers can go to on the maps, such as a peak. The crosshair starts at the first one.</summary>
/// <param name="Row">The row, counted from 0.</param>
/// <param name="Title">The name in the list.</param>
internal sealed record RowDetail(long Row, string Title);
