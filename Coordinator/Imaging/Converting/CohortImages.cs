using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>
/// Reads the list of images of a cohort: a long cohort has one row per image (<c>scalar_name</c>, <c>source_file</c>), a wide one has one
/// column of files per scalar. Rows without a file are skipped and reported.
/// </summary>
internal static class CohortImages
{
    private const string ScalarName = "scalar_name";
    private const string MaskFile = "source_mask_file";

    /// <summary>The images by scalar; scalars are in the order of their first row or column.</summary>
    /// <param name="path">The cohort, CSV or TSV.</param>
    /// <param name="scalarColumns">The columns of a wide cohort; empty: a long cohort.</param>
    /// <param name="root">The folder against which relative paths in the cohort are resolved.</param>
    /// <exception cref="BadInputException">A column is missing, no image is listed, or one is listed twice for a scalar.</exception>
    public static IReadOnlyList<ScalarImages> Read(string path, IReadOnlyList<string> scalarColumns, string root)
    {
        var cohort = CohortTable.ReadTexts(path);
        var rows = scalarColumns.Count > 0 ? Wide(cohort, scalarColumns) : Long(cohort);
        var masks = cohort.Find(MaskFile) is { } column ? Texts(column) : null;
        var scalars = rows.GroupBy(row => row.Scalar, StringComparer.Ordinal)
            .Select(group => new ScalarImages(
                RequireName(path, group.Key),
                [.. group.Where(row => row.Source.Length > 0).Select(row => Image(path, row.Row, row.Source, masks?[row.Row], root))]
            )
            {
                LeftOut = [.. group.Where(row => row.Source.Length == 0).Select(row => row.Row + 1)],
            })
            .ToList();
        if (scalars.All(scalar => scalar.Images.Count == 0))
            throw new BadInputException($"The cohort {path} lists no image: every '{CohortTable.SourceFile}' is blank, or it has no rows.");
        if (scalars.Find(scalar => scalar.Images.Count == 0) is { } none)
            throw new BadInputException(
                $"The cohort {path} lists no file for the scalar '{none.Scalar}': all its {none.LeftOut.Count} rows are blank. Omit "
                    + "the scalar."
            );
        foreach (var scalar in scalars)
            RefuseTwice(path, scalar);
        return scalars;
    }

    private static IEnumerable<(int Row, string Scalar, string Source)> Long(CohortTable cohort)
    {
        if (cohort.Find(ScalarName) is null || cohort.Find(CohortTable.SourceFile) is null)
        {
            throw new BadInputException(
                $"The cohort {cohort.Path} needs the columns '{ScalarName}' and '{CohortTable.SourceFile}'; it has "
                    + $"{string.Join(", ", cohort.Columns.Select(one => one.Name))}. "
                    + "If each scalar has a column of files, list those columns: --scalar-columns FD,FC."
            );
        }
        var (names, sources) = (Texts(cohort.Get(ScalarName)), Texts(cohort.Get(CohortTable.SourceFile)));
        for (var row = 0; row < cohort.Rows; row++)
        {
            if (names[row].Length > 0)
                yield return (row, names[row], sources[row]);
            else if (sources[row].Length > 0)
                throw new BadInputException(
                    $"Cohort {cohort.Path}: row {row + 1} has the file '{sources[row]}' but no '{ScalarName}'. Add it."
                );
        }
    }

    private static IEnumerable<(int Row, string Scalar, string Source)> Wide(CohortTable cohort, IReadOnlyList<string> columns)
    {
        foreach (var name in columns)
        {
            var sources = Texts(cohort.Get(name));
            for (var row = 0; row < cohort.Rows; row++)
                yield return (row, name, sources[row]);
        }
    }

    private static CohortImage Image(string cohort, int row, string source, string? mask, string root)
    {
        if (source.StartsWith("~/", StringComparison.Ordinal))
            throw new BadInputException(
                $"Cohort {cohort}: row {row + 1} has the file '{source}'; '~' is expanded only by a shell. Write the full path."
            );
        return new(row + 1, source, Path.Combine(root, source), string.IsNullOrEmpty(mask) ? null : Path.Combine(root, mask));
    }

    private static string[] Texts(CohortColumn column) => [.. ((TextColumn)column).Values.Select(text => text?.Trim() ?? "")];

    private static string RequireName(string path, string scalar) =>
        scalar.Contains('/', StringComparison.Ordinal) || scalar is "." or ".."
            ? throw new BadInputException(
                $"Cohort {path}: '{scalar}' is not a valid name for a scalar, because '/' and dots are part of paths in HDF5. Rename it."
            )
            : scalar;

    private static void RefuseTwice(string path, ScalarImages scalar)
    {
        if (
            scalar
                .Images.GroupBy(image => Path.GetFullPath(image.Path), StringComparer.Ordinal)
                .FirstOrDefault(group => group.Count() > 1) is
            { } twice
        )
        {
            throw new BadInputException(
                $"Cohort {path}: '{twice.First().Source}' is listed {twice.Count()} times for the scalar '{scalar.Scalar}' (rows "
                    + $"{string.Join(", ", twice.Select(image => image.Line))}). "
                    + "Each source is one subject: list it once."
            );
        }
    }
}

/// <summary>One image of a cohort.</summary>
/// <param name="Line">The cohort's row, counted from 1, excluding the header.</param>
/// <param name="Source">The file as written in the cohort, which becomes the subject's source name.</param>
/// <param name="Path">The path of the file.</param>
/// <param name="MaskPath">Its individual mask; null: none.</param>
internal sealed record CohortImage(int Line, string Source, string Path, string? MaskPath);

/// <summary>The images of one scalar, in the cohort's order.</summary>
/// <param name="Scalar">The scalar's name.</param>
/// <param name="Images">One per subject.</param>
internal sealed record ScalarImages(string Scalar, IReadOnlyList<CohortImage> Images)
{
    /// <summary>The cohort's rows for this scalar (all rows of a wide cohort) that have no file.</summary>
    public IReadOnlyList<int> LeftOut { get; init; } = [];
}
