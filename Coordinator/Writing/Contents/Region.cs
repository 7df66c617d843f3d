namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>A rectangle of a dataset, in elements.</summary>
/// <param name="Origin">Its first element, one number per axis.</param>
/// <param name="Extent">Its extents, one number per axis, clipped at the end of the dataset.</param>
internal readonly record struct Region(long[] Origin, long[] Extent)
{
    /// <summary>The number of values.</summary>
    public long Count => Extent.Aggregate(1L, (product, extent) => checked(product * extent));
}

/// <summary>
/// Fills <paramref name="destination"/> with a region's values: C order, little-endian, tightly packed. Called by one thread, region after
/// region in C order of the chunk grid; reading a region twice must give the same bytes.
/// </summary>
/// <param name="region">The region.</param>
/// <param name="destination">Count × bytes per value.</param>
internal delegate void RegionSource(Region region, Span<byte> destination);
