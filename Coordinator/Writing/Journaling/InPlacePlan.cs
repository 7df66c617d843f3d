using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Writing;

/// <summary>What a write into a file removes and what its journal must save, found by reading the file.</summary>
/// <param name="Replaced">Objects that are there and go.</param>
/// <param name="Saved">The bytes that may change.</param>
internal sealed record InPlacePlan(IReadOnlyList<string> Replaced, IReadOnlyList<ByteRange> Saved)
{
    private const long RoomForMetadata = 1 << 20;

    /// <summary>How much the journal holds.</summary>
    public long SavedBytes => Saved.Sum(range => range.Length);

    /// <summary>Looks at a file.</summary>
    /// <exception cref="BadInputException">A target is there already, the journal would be too large, or the file is not one of a single HDF5.</exception>
    /// <exception cref="DiskRefusedException">There is too little room.</exception>
    public static InPlacePlan Make(string file, FileStatus status, WriteRequest request)
    {
        using var opened = Hdf5ReadFile.Open(file);
        WriteState.RequireComplete(opened);
        var replaced = request.Targets().Where(path => opened.Kind(path) != Hdf5NodeKind.Absent).ToList();
        var foreign = replaced.Where(path => request.ReplacesRun is null || opened.TextAttribute(path, AnalysisMetadata.RunAttribute) != request.ReplacesRun).ToList();
        if (foreign.Count > 0 && !request.Overwrite)
            throw new BadInputException($"'{file}' holds {string.Join(", ", foreign.Select(path => $"'{path}'"))} already. Choose another name, or replace {(foreign.Count == 1 ? "it" : "them")} with --overwrite.");
        RequireGroupsOnTheWay(opened, request);

        var extents = RawExtents.Of(opened, replaced);
        if (extents.Ranges.FirstOrDefault(range => range.End > status.Length) is { Length: > 0 } beyond)
            throw new BadInputException($"'{file}' says that values lie at byte {beyond.End:N0}, but ends at {status.Length:N0}: it was cut, or is one of several files of one HDF5. It is not written; check it with h5dump, or write into a new file with --output.");
        var plan = new InPlacePlan(replaced, ByteRange.Outside(extents.Ranges, status.Length));
        if (plan.SavedBytes > request.MaxJournalBytes) throw TooMuchToSave(file, plan, extents, request);
        RequireRoom(file, plan, request);
        return plan;
    }

    /// <summary>What lies in another file is protected by no journal, claim or lock of this one.</summary>
    private static void RequireGroupsOnTheWay(Hdf5ReadFile file, WriteRequest request)
    {
        foreach (var target in request.Targets())
        {
            if (Obstacle(file, target) is { } obstacle) throw new BadInputException($"'{target}' cannot be written: {obstacle.Why}");
        }
    }

    private static Obstacle? Obstacle(Hdf5ReadFile file, string target)
    {
        for (var end = target.IndexOf('/', 1); end > 0; end = target.IndexOf('/', end + 1))
        {
            if (ResultPlaces.OnTheWay(file, target[..end]) is { } obstacle) return obstacle;
            if (file.Kind(target[..end]) == Hdf5NodeKind.Absent) return null;
        }
        return ResultPlaces.Dangling(file, target);
    }

    private static BadInputException TooMuchToSave(string file, InPlacePlan plan, RawExtents extents, WriteRequest request)
    {
        var why = extents.Unknown.Count > 0
            ? $"libhdf5 {Shared.Hdf5.Native.Hdf5Library.Version} cannot list the many chunks of {string.Join(", ", extents.Unknown)} (1.10.10, 1.12.3, 1.14 or newer can)"
            : "most of that is space that overwritten or removed datasets left behind (h5repack gives it back)";
        return new($"Writing into '{file}' needs an undo journal of {plan.SavedBytes:N0} bytes, more than --max-journal allows ({request.MaxJournalBytes:N0}): {why}. "
            + "Write into a new file with --output, or allow a larger journal with --max-journal.");
    }

    private static void RequireRoom(string file, InPlacePlan plan, WriteRequest request)
    {
        var values = request.Contents.OfType<DatasetContent>().Sum(dataset => dataset.Bytes);
        var (needed, free) = (plan.SavedBytes + values + RoomForMetadata, new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace);
        if (free < needed)
            throw new DiskRefusedException(file, forRoom: true, $"Up to {needed:N0} bytes are needed ({values:N0} of values, {plan.SavedBytes:N0} for the undo journal); {free:N0} are free.");
    }
}
