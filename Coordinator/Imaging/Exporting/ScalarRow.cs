using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>Reads one subject's values of a scalar.</summary>
internal static class ScalarRow
{
    /// <summary>The subject that the plan selects.</summary>
    /// <exception cref="BadInputException">There is no such subject.</exception>
    /// <exception cref="UsageException">The plan selects none, or two.</exception>
    public static int Subject(ExportPlan plan, ScalarMatrix scalar)
    {
        if (plan.ColumnIndex is null == plan.SourceFile is null)
            throw new UsageException("A scalar's map shows one subject: give either --column-index (counted from 0) or --source-file.");
        if (plan.ColumnIndex is { } index)
        {
            return index >= 0 && index < scalar.Subjects
                ? (int)index
                : throw new BadInputException(
                    $"--column-index is {index}; the scalar '{scalar.Name}' of '{plan.Data}' has the columns 0 to "
                        + $"{scalar.Subjects - 1}."
                );
        }
        for (var subject = 0; subject < scalar.SourceNames.Count; subject++)
        {
            if (scalar.SourceNames[subject] == plan.SourceFile)
                return subject;
        }
        throw new BadInputException(
            $"The scalar '{scalar.Name}' of '{plan.Data}' has no source '{plan.SourceFile}'. "
                + $"{NearestNames.Hint(plan.SourceFile!, scalar.SourceNames)}"
        );
    }

    /// <summary>All elements of one subject.</summary>
    public static double[] Read(ModelArrayFile file, ScalarMatrix scalar, int subject)
    {
        using var opened = Hdf5ReadFile.Open(file.Path);
        using var dataset = opened.OpenDataset(scalar.DatasetPath);
        var values = new double[scalar.Elements];
        var (at, all) = ((ulong)subject, (ulong)scalar.Elements);
        Hdf5Slab.Read(
            dataset,
            opened.Describe(scalar.DatasetPath),
            scalar.IsTransposed ? [0, at] : [at, 0],
            scalar.IsTransposed ? [all, 1] : [1, all],
            values
        );
        scalar.Missing.Mark(values);
        return values;
    }
}
