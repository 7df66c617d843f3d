using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>The values of all subjects at single elements of a scalar.</summary>
public static class ScalarColumn
{
    /// <summary>Reads an element: one stripe of the file.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="scalar">The scalar.</param>
    /// <param name="element">The element, counted from 0.</param>
    /// <returns>One value per subject in the order of the file; NaN: missing.</returns>
    public static double[] Read(Hdf5ReadFile file, ScalarMatrix scalar, long element)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(scalar);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(element, scalar.Elements);
        using var dataset = file.OpenDataset(scalar.DatasetPath);
        var values = new double[scalar.Subjects];
        var (at, all) = ((ulong)element, (ulong)scalar.Subjects);
        Hdf5Slab.Read(
            dataset,
            file.Describe(scalar.DatasetPath),
            scalar.IsTransposed ? [at, 0] : [0, at],
            scalar.IsTransposed ? [1, all] : [all, 1],
            values
        );
        scalar.Missing.Mark(values);
        return values;
    }
}
