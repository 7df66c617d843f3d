using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The facts that a write needs about its target file, found by reading the file.</summary>
/// <param name="Present">Targets that exist.</param>
/// <param name="Foreign">Existing targets that were not written by one of the writing runs.</param>
/// <param name="Unlisted">Datasets that are kept, but whose values count as metadata because this release of the library cannot list their
/// chunks in reasonable time.</param>
/// <param name="EndOfValues">One past the last byte of any value that is kept.</param>
/// <param name="Metadata">All bytes outside the values that are kept, ascending and disjoint.</param>
internal sealed record FileSurvey(
    IReadOnlyList<string> Present,
    IReadOnlyList<string> Foreign,
    IReadOnlyList<string> Unlisted,
    long EndOfValues,
    IReadOnlyList<ByteRange> Metadata
)
{
    /// <summary>Surveys a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="identity">The identity of the expected file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="targets">The objects that will be written.</param>
    /// <param name="runs">The digests of the runs that write.</param>
    /// <exception cref="BadInputException">The file cannot be read, is partly written, or a target cannot be created in it.</exception>
    public static FileSurvey Read(
        string path,
        FileIdentity identity,
        long length,
        IReadOnlyList<string> targets,
        IReadOnlyList<string> runs
    )
    {
        using var file = Hdf5ReadFile.Open(path);
        identity.Require(file.Descriptor, path);
        WriteState.RequireComplete(file);
        var present = targets.Where(target => file.Kind(target) != Hdf5NodeKind.Absent).ToList();
        var foreign = present
            .Where(target => file.TextAttribute(target, AnalysisMetadata.RunAttribute) is not { } run || !runs.Contains(run))
            .ToList();
        foreach (var target in targets)
        {
            if (Obstacle(file, target) is { } obstacle)
                throw new BadInputException($"'{target}' cannot be written: {obstacle.Why}");
        }
        var extents = RawExtents.Find(file, present);
        var end = extents.Ranges.Where(range => range.Length > 0).Select(range => range.End).DefaultIfEmpty().Max();
        return new(present, foreign, extents.Unknown, end, ByteRange.Outside(extents.Ranges, length));
    }

    private static Obstacle? Obstacle(Hdf5ReadFile file, string target)
    {
        for (var end = target.IndexOf('/', 1); end > 0; end = target.IndexOf('/', end + 1))
        {
            if (ResultPlaces.FindObstacle(file, target[..end]) is { } obstacle)
                return obstacle;
            if (file.Kind(target[..end]) == Hdf5NodeKind.Absent)
                return null;
        }
        return ResultPlaces.Dangling(file, target);
    }
}
