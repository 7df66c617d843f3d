using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Imaging.Images;

/// <summary>
/// The description of an image file's samples, independent of the format. The sample of cell (i, j, k, …) is number
/// <c>Origin + i·Strides[0] + j·Strides[1] + …</c> of the stored ones; a value is <c>sample · Slope + Intercept</c>.
/// </summary>
internal sealed record ImageHeader
{
    /// <summary>The file, as given.</summary>
    public required string Path { get; init; }

    /// <summary>Number of cells along each axis.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Distance in samples between neighbouring cells along each axis; negative if the axis is stored backwards.</summary>
    public required IReadOnlyList<long> Strides { get; init; }

    /// <summary>The sample of cell (0, 0, …).</summary>
    public long Origin { get; init; }

    /// <summary>The stored type.</summary>
    public required SampleType Type { get; init; }

    /// <summary>Whether numbers are stored big-endian.</summary>
    public bool BigEndian { get; init; }

    /// <summary>Factor from stored samples to values.</summary>
    public double Slope { get; init; } = 1;

    /// <summary>The offset added after the factor.</summary>
    public double Intercept { get; init; }

    /// <summary>The offset of the samples, in bytes of the (inflated) file.</summary>
    public required long DataOffset { get; init; }

    /// <summary>From cells to millimetres; null if the format does not locate the axes in space.</summary>
    public Affine? Affine { get; init; }

    /// <summary>The number of samples.</summary>
    public long Samples => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>The size of the (inflated) file in bytes, without trailing bytes.</summary>
    public long ExpectedBytes => DataOffset + (Samples * Type.Size());

    /// <summary>The shape, for messages.</summary>
    public string ShapeText => string.Join(" x ", Shape);

    /// <summary>
    /// Whether values of stored integers, without a slope, can exceed the integers that a floating-point type represents exactly.
    /// </summary>
    public bool HoldsIntegersBeyond(long limit, ReadOnlySpan<double> values)
    {
        if (Type.IsFloatingPoint() || Type.Size() < sizeof(int) || Slope != 1 || Intercept != 0)
            return false;
        foreach (var value in values)
        {
            if (Math.Abs(value) > limit)
                return true;
        }
        return false;
    }

    /// <summary>A cell, for messages; cells are numbered with the last axis varying fastest.</summary>
    public string CellText(int cell)
    {
        var at = new int[Shape.Count];
        for (var axis = at.Length - 1; axis >= 0; axis--)
            (cell, at[axis]) = Math.DivRem(cell, Shape[axis]);
        return $"({string.Join(", ", at)})";
    }

    /// <summary>The same image with float32 samples that are the values.</summary>
    public ImageHeader AsSingles() => this with { Type = SampleType.Float32, Slope = 1, Intercept = 0 };

    /// <summary>The strides of samples stored with the first axis varying fastest.</summary>
    public static long[] FirstAxisFastest(IReadOnlyList<int> shape)
    {
        var strides = new long[shape.Count];
        long stride = 1;
        for (var axis = 0; axis < strides.Length; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /// <summary>The number of samples; refused if one matrix row cannot hold the shape.</summary>
    public static void RequireUsable(string path, IReadOnlyList<long> shape)
    {
        var samples = shape.Aggregate(1.0, (product, extent) => product * extent);
        if (shape.Any(extent => extent < 1) || samples > int.MaxValue)
            throw new BadInputException(
                $"'{path}' has the shape {string.Join(" x ", shape)}; every extent must be 1 or more, and their product below 2^31."
            );
    }
}
