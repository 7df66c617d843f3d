using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Journaling;

/// <summary>The objects that a write removes and the bytes that its journal must save, determined from a survey of the file.</summary>
/// <param name="Replaced">Existing objects that are removed.</param>
/// <param name="Saved">The bytes that may change.</param>
internal sealed record InPlacePlan(IReadOnlyList<string> Replaced, IReadOnlyList<ByteRange> Saved)
{
    private const long MetadataBytes = 1 << 20;

    /// <summary>The size of the saved bytes.</summary>
    public long SavedBytes => Saved.Sum(range => range.Length);

    /// <summary>Plans a write.</summary>
    /// <param name="survey">The survey of the file.</param>
    /// <param name="file">Its path.</param>
    /// <param name="status">Its status when it was surveyed.</param>
    /// <param name="request">The write.</param>
    /// <exception cref="BadInputException">A target exists already, the journal would be too large, or the file is one of several files of
    /// one HDF5 file.</exception>
    /// <exception cref="DiskRefusedException">There is too little space.</exception>
    public static InPlacePlan From(FileSurvey survey, string file, FileStatus status, WriteRequest request)
    {
        if (survey.Foreign is { Count: > 0 } foreign && !request.Overwrite)
            throw new BadInputException(
                $"'{file}' already contains {string.Join(", ", foreign.Select(path => $"'{path}'"))}. Choose another name, or replace "
                    + $"{(foreign.Count == 1 ? "it" : "them")} with --overwrite."
            );
        if (survey.EndOfValues > status.Length)
            throw new BadInputException(
                $"'{file}' should have values at byte {survey.EndOfValues:N0}, but ends at {status.Length:N0}: it was truncated, or is "
                    + "one of several files of one HDF5 file. Check it with h5dump, or write into a new file with --output."
            );
        var plan = new InPlacePlan(survey.Present, survey.Metadata);
        if (plan.SavedBytes > request.MaxJournalBytes)
            throw TooMuchToSave(file, plan, survey, request);
        RequireRoom(file, plan, request);
        return plan;
    }

    private static BadInputException TooMuchToSave(string file, InPlacePlan plan, FileSurvey survey, WriteRequest request)
    {
        var why =
            survey.Unlisted.Count > 0
                ? $"libhdf5 {Shared.Hdf5.Native.Hdf5Library.Version} cannot list the many chunks of "
                    + $"{string.Join(", ", survey.Unlisted)} (1.10.10, 1.12.3, 1.14 or newer can)"
                : "most of that is space left by overwritten or removed datasets (h5repack releases it)";
        return new(
            $"Writing into '{file}' needs an undo journal of {plan.SavedBytes:N0} bytes, more than --max-journal allows "
                + $"({request.MaxJournalBytes:N0}): {why}. "
                + "Write into a new file with --output, or allow a larger journal with --max-journal."
        );
    }

    private static void RequireRoom(string file, InPlacePlan plan, WriteRequest request)
    {
        var values = request.Contents.OfType<DatasetContent>().Sum(dataset => dataset.Bytes);
        var (needed, free) = (plan.SavedBytes + values + MetadataBytes, new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace);
        if (free < needed)
            throw new DiskRefusedException(
                file,
                isOutOfSpace: true,
                $"Up to {needed:N0} bytes are needed ({values:N0} for values, {plan.SavedBytes:N0} for the undo journal); {free:N0} "
                    + "are free."
            );
    }
}
