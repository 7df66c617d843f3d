namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>A rectangle of a dataset, in elements.</summary>
/// <param name="Origin">Where it begins, one number an axis.</param>
/// <param name="Extent">How far it reaches, one number an axis, cut at the dataset's end.</param>
internal readonly record struct Region(long[] Origin, long[] Extent)
{
    /// <summary>How many values it holds.</summary>
    public long Count => Extent.Aggregate(1L, (product, extent) => checked(product * extent));
}

/// <summary>
/// Fills <paramref name="destination"/> with a region's values: C order, little-endian, tightly packed. Called by one thread, region after
/// region in C order of the chunk grid; reading a region twice must give the same bytes.
/// </summary>
/// <param name="region">What is wanted.</param>
/// <param name="destination">Count × bytes of a value.</param>
internal delegate void RegionSource(Region region, Span<byte> destination);
