using HpcFit.Coordinator.Imaging;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Coordinator.Reporting.Maps.Geometry;

/// <summary>
/// A template as grey levels of the drawn cells: its value at the centre of each cell, interpolated linearly, between the 2nd and the 98th
/// percentile of the located cells.
/// </summary>
internal static class TemplateBackground
{
    private const double LeastInside = 0.5;
    private const double DarkShare = 0.02;
    private const double BrightShare = 0.98;

    /// <summary>Reads and resamples an image.</summary>
    /// <param name="path">The image.</param>
    /// <param name="grid">The drawn cells.</param>
    /// <param name="shape">The number of cells of the whole grid.</param>
    /// <param name="located">The cells of the whole grid that have elements.</param>
    /// <param name="dataFile">The data file, for messages.</param>
    /// <returns>One grey level per drawn cell; 0 outside the image.</returns>
    /// <exception cref="BadInputException">It cannot be read, has no position, or is of another place than the elements.</exception>
    public static byte[] Read(string path, DisplayGrid grid, IReadOnlyList<int> shape, int[] located, string dataFile)
    {
        if (grid.Affine is not { } affine)
            throw new BadInputException(
                $"'{dataFile}' does not store where its voxels are in space (attribute 'affine' of the table /voxels, which 'hpcfit "
                    + $"convert' writes), so the template '{path}' cannot be placed. Leave out --template."
            );
        var image = SingleVolume.From(ImageFile.ReadPlaced(path));
        if (image.Affine is null || Matrix3.TryInvert(Linear(image.Affine)) is not { } inverse)
            throw new BadInputException(
                $"The template '{path}' has no valid position in space (its affine is missing or singular). Give one "
                    + "whose header locates it."
            );
        var values = Resample(new(image, ImageFile.ReadAll(image), inverse), grid, affine);
        var inside = Within(values, grid, shape, located);
        if (inside.Count <= LeastInside * located.Length)
            throw new BadInputException(
                $"The template '{path}' is of another place: only {inside.Count:N0} of the {located.Length:N0} voxels of '{dataFile}' are "
                    + $"inside it. Its affine is {image.Affine}, that of the data {affine}. Give a template in the space of the data."
            );
        return Grey(values, inside);
    }

    private static double[] Linear(Affine affine) => [.. affine.Rows[..3], .. affine.Rows[4..7], .. affine.Rows[8..11]];

    /// <summary>The template's value at each drawn cell; NaN outside it.</summary>
    private static double[] Resample(Template template, DisplayGrid grid, Affine affine)
    {
        var values = new double[grid.Count];
        Span<int> cell = stackalloc int[3];
        Span<double> at = stackalloc double[3];
        for (var number = 0; number < values.Length; number++)
        {
            grid.CellOf(number, cell);
            for (var row = 0; row < 3; row++)
            {
                var r = affine.Rows.AsSpan(4 * row, 4);
                at[row] = (r[0] * cell[0]) + (r[1] * cell[1]) + (r[2] * cell[2]) + r[3] - template.Image.Affine!.Rows[(4 * row) + 3];
            }
            Matrix3.Multiply(template.Inverse, at);
            values[number] = template.ValueAt(at);
        }
        return values;
    }

    private static List<double> Within(double[] values, DisplayGrid grid, IReadOnlyList<int> shape, int[] located)
    {
        var inside = new List<double>(located.Length);
        Span<int> cell = stackalloc int[3];
        foreach (var number in located)
        {
            DisplayGrid.Split(number, shape, cell);
            if (values[grid.NumberOf(cell)] is var value && double.IsFinite(value))
                inside.Add(value);
        }
        inside.Sort();
        return inside;
    }

    private static byte[] Grey(double[] values, List<double> sorted)
    {
        var dark = sorted[(int)(DarkShare * (sorted.Count - 1))];
        var range = sorted[(int)(BrightShare * (sorted.Count - 1))] - dark;
        var levels = new byte[values.Length];
        for (var number = 0; number < levels.Length; number++)
        {
            if (double.IsFinite(values[number]))
                levels[number] = Level(values[number]);
        }
        return levels;

        // A mask has one value in all located cells.
        byte Level(double value) =>
            range > 0 ? (byte)Math.Round(byte.MaxValue * Math.Clamp((value - dark) / range, 0, 1))
            : value >= dark && dark > 0 ? byte.MaxValue
            : (byte)0;
    }

    /// <summary>An image with its values, the last axis varying fastest, and the inverse of the linear part of its affine.</summary>
    private sealed record Template(ImageHeader Image, double[] Values, double[] Inverse)
    {
        /// <summary>How far outside the outermost centres a position still has their value: half a cell, the cell's own extent.</summary>
        private const double Rim = 0.5;

        /// <summary>The trilinear interpolation at a position in cells; NaN outside.</summary>
        public double ValueAt(ReadOnlySpan<double> position)
        {
            Span<int> low = stackalloc int[3];
            Span<double> share = stackalloc double[3];
            for (var axis = 0; axis < 3; axis++)
            {
                var last = Image.Shape[axis] - 1;
                if (!(position[axis] >= -Rim && position[axis] <= last + Rim))
                    return double.NaN;
                var inside = Math.Clamp(position[axis], 0, last);
                low[axis] = Math.Min((int)inside, Math.Max(0, last - 1));
                share[axis] = inside - low[axis];
            }
            var sum = 0.0;
            for (var corner = 0; corner < 8; corner++)
            {
                var (weight, index) = (1.0, 0);
                for (var axis = 0; axis < 3; axis++)
                {
                    var step = corner >> axis & 1;
                    weight *= step == 0 ? 1 - share[axis] : share[axis];
                    index = (index * Image.Shape[axis]) + Math.Min(low[axis] + step, Image.Shape[axis] - 1);
                }
                if (weight > 0)
                    sum += weight * Values[index];
            }
            return sum;
        }
    }
}
