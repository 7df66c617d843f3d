using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Imaging.Exporting;

/// <summary>
/// The files that are copied to the maps' folder because maps are useless without them: a fixel folder's index and directions.
/// </summary>
internal static class Companions
{
    private const int PieceBytes = 1 << 16;

    /// <summary>Refuses a folder that already has different files of these names: the maps in it would belong to other fixels.</summary>
    /// <exception cref="BadInputException">A copy would replace another file.</exception>
    public static void Check(ExportPlan plan, IReadOnlyList<string> companions)
    {
        if (companions.GroupBy(Path.GetFileName).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException(
                $"{string.Join(" and ", twice.Select(file => $"'{file}'"))} have the same name, but both are copied to the maps' "
                    + "folder. Rename one."
            );
        foreach (var companion in companions)
        {
            var copy = Copy(plan, companion);
            if (!plan.Overwrite && File.Exists(copy) && !Same(companion, copy))
                throw new BadInputException(
                    $"'{copy}' exists and differs from '{companion}', which is copied to the maps' folder. Choose another "
                        + "--output-dir, or replace it with --overwrite."
                );
        }
    }

    /// <summary>Copies the files. Under its own name, a copy is always complete.</summary>
    public static void CopyAll(ExportPlan plan, IReadOnlyList<string> companions)
    {
        foreach (var companion in companions)
        {
            var copy = Copy(plan, companion);
            if (File.Exists(copy) && Same(companion, copy))
                continue;
            using var source = Open(companion);
            WholeFile.Write(
                copy,
                file =>
                {
                    source.Position = 0;
                    source.CopyTo(file);
                }
            );
        }
    }

    private static string Copy(ExportPlan plan, string companion) => Path.Combine(plan.OutputFolder, Path.GetFileName(companion));

    private static FileStream Open(string path) => new(RegularFile.OpenRead(path, "an image"), FileAccess.Read);

    private static bool Same(string one, string other)
    {
        using var first = Open(one);
        using var second = Open(other);
        if (first.Length != second.Length)
            return false;
        var (here, there) = (new byte[PieceBytes], new byte[PieceBytes]);
        while (first.ReadAtLeast(here, PieceBytes, throwOnEndOfStream: false) is var read and > 0)
        {
            second.ReadExactly(there.AsSpan(0, read));
            if (!here.AsSpan(0, read).SequenceEqual(there.AsSpan(0, read)))
                return false;
        }
        return true;
    }
}
