using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Images;

/// <summary>
/// What an image file says about its samples, whatever its format. The sample of cell (i, j, k, …) is number
/// <c>Origin + i·Strides[0] + j·Strides[1] + …</c> of those stored; a value is <c>sample · Slope + Intercept</c>.
/// </summary>
internal sealed record ImageHeader
{
    /// <summary>The file, as it was named.</summary>
    public required string Path { get; init; }

    /// <summary>Cells along each axis.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Samples from one cell to the next along each axis; negative where the axis is stored backwards.</summary>
    public required IReadOnlyList<long> Strides { get; init; }

    /// <summary>The sample of cell (0, 0, …).</summary>
    public long Origin { get; init; }

    /// <summary>The stored type.</summary>
    public required SampleType Type { get; init; }

    /// <summary>Whether numbers are stored with their highest byte first.</summary>
    public bool BigEndian { get; init; }

    /// <summary>Factor from stored samples to values.</summary>
    public double Slope { get; init; } = 1;

    /// <summary>What is added after the factor.</summary>
    public double Intercept { get; init; }

    /// <summary>Where the samples begin, in bytes of the (inflated) file.</summary>
    public required long DataOffset { get; init; }

    /// <summary>From cells to millimetres; null where the format gives the axes no place in space.</summary>
    public Affine? Affine { get; init; }

    /// <summary>How many samples there are.</summary>
    public long Samples => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Bytes of the whole (inflated) file, trailing ones aside.</summary>
    public long ExpectedBytes => DataOffset + (Samples * Type.Size());

    /// <summary>The shape as messages give it.</summary>
    public string ShapeText => string.Join(" x ", Shape);

    /// <summary>
    /// Whether values of stored integers, without a slope, are beyond the integers that a floating-point type holds one by one.
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

    /// <summary>A cell as messages give it, numbered with the last axis fastest.</summary>
    public string CellText(int cell)
    {
        var at = new int[Shape.Count];
        for (var axis = at.Length - 1; axis >= 0; axis--)
            (cell, at[axis]) = Math.DivRem(cell, Shape[axis]);
        return $"({string.Join(", ", at)})";
    }

    /// <summary>The same image with float32 samples that are the values themselves.</summary>
    public ImageHeader AsSingles() => this with { Type = SampleType.Float32, Slope = 1, Intercept = 0 };

    /// <summary>The strides of samples stored with the first axis fastest.</summary>
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

    /// <summary>The number of samples, refused when the shape cannot be held by one matrix row.</summary>
    public static void RequireUsable(string path, IReadOnlyList<long> shape)
    {
        var samples = shape.Aggregate(1.0, (product, extent) => product * extent);
        if (shape.Any(extent => extent < 1) || samples > int.MaxValue)
            throw new BadInputException(
                $"'{path}' has the shape {string.Join(" x ", shape)}; every extent must be 1 or more, and their product below 2^31."
            );
    }
}
