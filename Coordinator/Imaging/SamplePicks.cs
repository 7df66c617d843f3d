using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Imaging;

/// <summary>
/// The positions of a grid's elements in a file, in the file's storage order, so that they can be read in one pass.
/// </summary>
internal sealed class SamplePicks
{
    private SamplePicks(int[] samples, int[] elements) => (Samples, Elements) = (samples, elements);

    /// <summary>The samples of the elements, ascending.</summary>
    public int[] Samples { get; }

    /// <summary>The element at each of them.</summary>
    public int[] Elements { get; }

    /// <summary>Locates the elements of a grid in a file of the same shape.</summary>
    public static SamplePicks From(ElementGrid grid, ImageHeader header)
    {
        var (elementOfCell, picks) = (ElementOfCell(grid), new SamplePicks(new int[grid.Count], new int[grid.Count]));
        var taken = 0;
        Walk(StoredAxis.From(header), checked((int)header.Origin), 0);
        return picks;

        void Walk(ReadOnlySpan<StoredAxis> axes, int sample, int cell)
        {
            if (axes.IsEmpty)
            {
                var element = elementOfCell is null ? cell : elementOfCell[cell];
                if (element < 0)
                    return;
                (picks.Samples[taken], picks.Elements[taken]) = (sample, element);
                taken++;
                return;
            }
            var slowest = axes[0];
            (sample, cell) = (sample + slowest.FirstSample, cell + slowest.FirstCell);
            for (var step = 0; step < slowest.Extent; step++)
                Walk(axes[1..], sample + (step * slowest.SampleStep), cell + (step * slowest.CellStep));
        }
    }

    /// <summary>The number of picks before a sample; at least <paramref name="atLeast"/>.</summary>
    public int Until(long sample, int atLeast)
    {
        if (sample > int.MaxValue)
            return Samples.Length;
        var at = Array.BinarySearch(Samples, atLeast, Samples.Length - atLeast, (int)sample);
        return at < 0 ? ~at : at;
    }

    /// <summary>The element of each cell, -1 if none; null: cells are elements.</summary>
    private static int[]? ElementOfCell(ElementGrid grid)
    {
        if (grid.Cells is null)
            return null;
        var elements = new int[grid.Shape.Aggregate(1, (product, extent) => product * extent)];
        Array.Fill(elements, -1);
        for (var element = 0; element < grid.Cells.Length; element++)
            elements[grid.Cells[element]] = element;
        return elements;
    }

    /// <summary>An axis in the storage order of the file: samples ascend, cells may descend.</summary>
    /// <param name="Extent">The number of steps.</param>
    /// <param name="FirstSample">The sample at its first step, relative to that of its cell 0.</param>
    /// <param name="SampleStep">Samples per step, above 0.</param>
    /// <param name="FirstCell">The cell at its first step.</param>
    /// <param name="CellStep">Cells per step.</param>
    private readonly record struct StoredAxis(int Extent, int FirstSample, int SampleStep, int FirstCell, int CellStep)
    {
        /// <summary>The axes of an image, the slowest in the file first, without those of one cell.</summary>
        public static StoredAxis[] From(ImageHeader header)
        {
            var axes = new List<StoredAxis>();
            var cells = 1; // distance between neighbouring cells along the axis, the last axis varying fastest
            for (var axis = header.Shape.Count - 1; axis >= 0; axis--)
            {
                var (extent, stride) = (header.Shape[axis], checked((int)header.Strides[axis]));
                if (extent > 1)
                    axes.Add(
                        stride > 0
                            ? new(extent, 0, stride, 0, cells)
                            : new(extent, (extent - 1) * stride, -stride, (extent - 1) * cells, -cells)
                    );
                cells *= extent;
            }
            axes.Sort((one, other) => other.SampleStep.CompareTo(one.SampleStep));
            return [.. axes];
        }
    }
}
