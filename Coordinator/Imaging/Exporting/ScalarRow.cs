using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.Hdf5.Native;
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
    public static unsafe double[] Read(ModelArrayFile file, ScalarMatrix scalar, int subject)
    {
        using var opened = Hdf5ReadFile.Open(file.Path);
        using var dataset = opened.OpenDataset(scalar.DatasetPath);
        var values = new double[scalar.Elements];
        var what = opened.Describe(scalar.DatasetPath);
        ulong elements = (ulong)scalar.Elements;
        ulong[] start = scalar.IsTransposed ? [0, (ulong)subject] : [(ulong)subject, 0];
        ulong[] count = scalar.IsTransposed ? [elements, 1] : [1, elements];
        lock (Hdf5Library.Lock)
        {
            using var whole = new Hdf5DataspaceHandle(Hdf5Status.Check(H5D.get_space(dataset.Id), "read the shape of", what));
            using var memory = new Hdf5DataspaceHandle(Hdf5Status.Check(H5S.create_simple(1, &elements, null), "prepare to read", what));
            fixed (
                ulong* first = start,
                    extent = count
            )
                Hdf5Status.Check(H5S.select_hyperslab(whole.Id, H5S.SELECT_SET, first, null, extent, null), "select a subject of", what);
            fixed (double* bytes = values)
                Hdf5Status.Check(
                    H5D.read(dataset.Id, H5T.NATIVE_DOUBLE, memory.Id, whole.Id, H5P.DEFAULT, (nint)bytes),
                    "read a subject of",
                    what
                );
        }
        scalar.Missing.Mark(values);
        return values;
    }
}
