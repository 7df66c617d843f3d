using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Imaging.Converting;

/// <summary>The output files of a conversion, and the scalars in each.</summary>
internal static class OutputFiles
{
    /// <summary>Assigns the scalars to files: all to one, or each to <c>&lt;scalar&gt;_&lt;output&gt;</c>.</summary>
    /// <exception cref="BadInputException">A file exists and may not be replaced, its folder cannot be created, or two scalars would share
    /// a file.</exception>
    public static IReadOnlyList<(string File, IReadOnlyList<ScalarImages> Scalars)> Create(
        ConversionPlan plan,
        IReadOnlyList<ScalarImages> scalars
    )
    {
        var split = plan.SplitFiles ?? plan.ScalarColumns.Count > 0;
        List<(string File, IReadOnlyList<ScalarImages> Scalars)> files = split
            ? [.. scalars.Select(scalar => (Prefixed(plan.Output, scalar.Scalar), (IReadOnlyList<ScalarImages>)[scalar]))]
            : [(plan.Output, scalars)];
        if (files.GroupBy(file => file.File, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"The scalars {string.Join(" and ", twice.Select(file => $"'{file.Scalars[0].Scalar}'"))} would both go into "
                    + $"'{twice.Key}'. Rename one in the cohort."
            );
        foreach (var (file, _) in files)
        {
            if (File.Exists(file) && !plan.Overwrite)
                throw new BadInputException($"'{file}' exists. Choose another --output, or replace it with --overwrite.");
            RegularFile.RequireReplaceable(file);
            if (Directory.Exists(file))
                throw new BadInputException($"'{file}' is a folder; --output must be a file name.");
        }
        MakeFolder(Path.GetDirectoryName(plan.Output)!);
        return files;
    }

    /// <summary>ModelArrayIO's file name for a scalar or a column: blanks and slashes become <c>_</c>.</summary>
    public static string SafeName(string name) => name.Replace(' ', '_').Replace('/', '_');

    private static string Prefixed(string output, string scalar) =>
        Path.Combine(Path.GetDirectoryName(output)!, $"{SafeName(scalar)}_{Path.GetFileName(output)}");

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The folder '{folder}' cannot be created: {failure.Message}", failure);
        }
    }
}
