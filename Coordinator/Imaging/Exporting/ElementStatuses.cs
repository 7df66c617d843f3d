using HpcFit.Shared.Elements;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>The statuses of an analysis as a map of whole numbers: docs/formats/results.md.</summary>
internal static class ElementStatuses
{
    /// <summary>The dataset, and the name of its map, which <c>--columns</c> accepts.</summary>
    public const string Name = "element_status";

    /// <summary>The type of the map's samples.</summary>
    public const SampleType Type = SampleType.Int16;

    /// <summary>Cells that are no element, and elements without a row; 0 would mean that they were fitted.</summary>
    public const double Background = (double)ElementStatus.NotInRun;

    /// <summary>What the map shows, for its header.</summary>
    public const string Description = "status of the fit, 0 where it succeeded";
}
