using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The datasets of a scalar whose values come from a spool.</summary>
internal static class ScalarContents
{
    /// <summary>The datasets of values and source names.</summary>
    /// <param name="images">The scalar.</param>
    /// <param name="layout">The division of its values into chunks.</param>
    /// <param name="spool">Its values; awaited when the first chunk is pulled.</param>
    /// <param name="storage">Their storage.</param>
    /// <param name="pulled">Called after each chunk.</param>
    public static IEnumerable<Content> Create(
        ScalarImages images,
        BlockLayout layout,
        Task<RowSpool> spool,
        ScalarStorage storage,
        Action pulled
    )
    {
        yield return new DatasetContent($"/scalars/{images.Scalar}/values")
        {
            Type = storage.Type,
            Shape = [images.Images.Count, layout.Elements],
            Chunk = [images.Images.Count, layout.BlockElements],
            Filters = storage.Filters,
            Source = (region, destination) =>
            {
                spool.GetAwaiter().GetResult().Read(checked((int)(region.Origin[1] / layout.BlockElements)), destination);
                pulled();
            },
        };
        yield return DatasetContent.Texts($"/scalars/{images.Scalar}/column_names", [.. images.Images.Select(image => image.Source)]);
    }
}
