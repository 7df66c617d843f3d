using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>What a write must know about the file that it goes into, found by reading it.</summary>
/// <param name="Present">Targets that are there.</param>
/// <param name="Foreign">Those among them that the writing run has not written itself.</param>
/// <param name="Unlisted">Datasets that stay, but whose values count as metadata: this release of the library cannot list their chunks in
/// reasonable time.</param>
/// <param name="EndOfValues">One behind the last byte of any value that stays.</param>
/// <param name="Metadata">All bytes outside the values that stay, ascending and disjoint.</param>
internal sealed record FileSurvey(
    IReadOnlyList<string> Present,
    IReadOnlyList<string> Foreign,
    IReadOnlyList<string> Unlisted,
    long EndOfValues,
    IReadOnlyList<ByteRange> Metadata
)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="identity">Which file it is.</param>
    /// <param name="length">Its length.</param>
    /// <param name="targets">The objects that will be written.</param>
    /// <param name="run">The digest of the run that writes; empty: none.</param>
    /// <exception cref="BadInputException">It cannot be read, is half-written, or has no place for a target.</exception>
    public static FileSurvey Read(string path, FileIdentity identity, long length, IReadOnlyList<string> targets, string run)
    {
        using var file = Hdf5ReadFile.Open(path);
        identity.Require(file.Descriptor, path);
        WriteState.RequireComplete(file);
        var present = targets.Where(target => file.Kind(target) != Hdf5NodeKind.Absent).ToList();
        var foreign = present.Where(target => run.Length == 0 || file.TextAttribute(target, AnalysisMetadata.RunAttribute) != run).ToList();
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
