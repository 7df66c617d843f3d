using HpcFit.Coordinator.Writing;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The datasets of a scalar whose values lie in a spool.</summary>
internal static class ScalarContents
{
    /// <summary>Values and source names.</summary>
    /// <param name="images">The scalar.</param>
    /// <param name="spool">Its values.</param>
    /// <param name="storage">How they are stored.</param>
    /// <param name="pulled">Told after each chunk.</param>
    public static IEnumerable<Content> Of(ScalarImages images, RowSpool spool, ScalarStorage storage, Action pulled)
    {
        var layout = spool.Layout;
        yield return new DatasetContent($"/scalars/{images.Scalar}/values")
        {
            Type = storage.Type,
            Shape = [spool.Rows, layout.Elements],
            Chunk = [spool.Rows, layout.BlockElements],
            Filters = storage.Filters,
            Source = (region, destination) =>
            {
                spool.Read(checked((int)(region.Origin[1] / layout.BlockElements)), destination);
                pulled();
            },
        };
        yield return DatasetContent.Texts($"/scalars/{images.Scalar}/column_names", [.. images.Images.Select(image => image.Source)]);
    }
}
