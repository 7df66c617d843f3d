namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>The neighbours of some elements among each other.</summary>
internal interface INeighbours
{
    /// <summary>The neighbours of an element, in any order.</summary>
    IEnumerable<int> Of(int row);
}
