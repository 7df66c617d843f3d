using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Determines the element of each row of an analysis.</summary>
internal static class RowPlaces
{
    private const string ElementId = "element_id";

    /// <summary>The element of each row: the column <c>element_id</c> or, without one, the row number.</summary>
    /// <exception cref="BadInputException">An id is not in the image, or occurs twice; or there are no ids and the number of rows
    /// differs.</exception>
    public static int[] Read(AnalysisColumns analysis, int elements, string whose)
    {
        var summary = analysis.Summary;
        if (!summary.ColumnNames.Contains(ElementId))
        {
            return summary.Elements == elements
                ? [.. Enumerable.Range(0, elements)]
                : throw new BadInputException(
                    $"The analysis '{summary.Name}' has {summary.Elements:N0} rows and no column '{ElementId}'; {whose} has "
                        + $"{elements:N0} elements. The numbers must be equal."
                );
        }
        var ids = analysis.Read(ElementId);
        var places = new int[ids.Length];
        var taken = new bool[elements];
        for (var row = 0; row < ids.Length; row++)
        {
            if (!(ids[row] >= 0 && ids[row] < elements && ids[row] == Math.Floor(ids[row])))
                throw new BadInputException(
                    $"The analysis '{summary.Name}' has the {ElementId} {ids[row]:G} in row {row}; {whose} has the elements 0 to "
                        + $"{elements - 1:N0}. It does not belong to these data."
                );
            places[row] = (int)ids[row];
            if (taken[places[row]])
                throw new BadInputException(
                    $"The analysis '{summary.Name}' has the {ElementId} {ids[row]:G} twice (the second time in row {row})."
                );
            taken[places[row]] = true;
        }
        return places;
    }
}
