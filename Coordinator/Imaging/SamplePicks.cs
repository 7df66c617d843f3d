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
        int[] shape = [.. header.Shape];
        long[] strides = [.. header.Strides];
        for (var element = 0; element < samples.Length; element++)
        {
            elements[element] = element;
            samples[element] = SampleOf(grid.Cells is null ? element : grid.Cells[element], shape, strides, header.Origin);
        }
        if (grid.Cells is null && grid.Count == header.Samples) return OfAll(samples);
        Array.Sort(samples, elements);
        return new(samples, elements);
    }

    /// <summary>Where every sample is an element: what sorting would find is known.</summary>
    private static SamplePicks OfAll(long[] samples)
    {
        var elements = new int[samples.Length];
        for (var element = 0; element < elements.Length; element++) elements[samples[element]] = element;
        for (var sample = 0; sample < samples.Length; sample++) samples[sample] = sample;
        return new(samples, elements);
    }

    /// <summary>How many picks lie before a sample, at least <paramref name="atLeast"/>.</summary>
    public int Until(long sample, int atLeast)
    {
        var at = Array.BinarySearch(Samples, atLeast, Samples.Length - atLeast, sample);
        return at < 0 ? ~at : at;
    }

    private static long SampleOf(int cell, int[] shape, long[] strides, long origin)
    {
        var sample = origin;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            (cell, var coordinate) = Math.DivRem(cell, shape[axis]);
            sample += coordinate * strides[axis];
        }
        return sample;
    }
}
