namespace HpcFit.Coordinator.Imaging;

/// <summary>Where the elements of a grid stand in a file, in the order in which the file stores them, so that one pass over the file serves all.</summary>
internal sealed class SamplePicks
{
    private SamplePicks(long[] samples, int[] elements) => (Samples, Elements) = (samples, elements);

    /// <summary>The samples of the elements, ascending.</summary>
    public long[] Samples { get; }

    /// <summary>The element at each of them.</summary>
    public int[] Elements { get; }

    /// <summary>Finds the elements of a grid in a file of the same shape.</summary>
    public static SamplePicks Of(ElementGrid grid, ImageHeader header)
    {
        var samples = new long[grid.Count];
        var elements = new int[grid.Count];
        for (var element = 0; element < samples.Length; element++)
        {
            elements[element] = element;
            samples[element] = SampleOf(grid.Cells is null ? element : grid.Cells[element], header);
        }
        Array.Sort(samples, elements);
        return new(samples, elements);
    }

    private static long SampleOf(int cell, ImageHeader header)
    {
        var sample = header.Origin;
        for (var axis = header.Shape.Count - 1; axis >= 0; axis--)
        {
            (cell, var coordinate) = Math.DivRem(cell, header.Shape[axis]);
            sample += coordinate * header.Strides[axis];
        }
        return sample;
    }
}
