using HpcFit.Coordinator.Writing;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The datasets of a scalar whose values lie in a spool.</summary>
internal static class ScalarContents
{
    /// <summary>Values and source names.</summary>
    public static IEnumerable<Content> Of(ScalarImages images, RowSpool spool, ScalarStorage storage)
    {
        var layout = spool.Layout;
        yield return new DatasetContent($"/scalars/{images.Scalar}/values")
        {
            Type = storage.Type,
            Shape = [spool.Rows, layout.Elements],
            Chunk = [spool.Rows, layout.BlockElements],
            Filters = storage.Filters,
            Source = (region, destination) => spool.Read(checked((int)(region.Origin[1] / layout.BlockElements)), destination),
        };
        yield return DatasetContent.Texts($"/scalars/{images.Scalar}/column_names", [.. images.Images.Select(image => image.Source)]);
    }
}
