using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>The answers of the process that reads for a write, encoded and decoded for both ends of its pipe.</summary>
internal static class ReadAnswers
{
    /// <summary>Writes the outcome of a question.</summary>
    /// <param name="writer">The pipe.</param>
    /// <param name="failure">Why it was not answered; null: the answer follows.</param>
    public static void WriteVerdict(BinaryWriter writer, HpcFitException? failure)
    {
        switch (failure)
        {
            case null:
                writer.Write((byte)ReadVerdict.Done);
                break;
            case WriteDamagedException damage:
                writer.Write((byte)ReadVerdict.Damaged);
                writer.Write(damage.Object);
                writer.Write(damage.Problem);
                break;
            default:
                writer.Write((byte)ReadVerdict.Refused);
                writer.Write(failure.Message);
                writer.Write((int)failure.ExitCode);
                break;
        }
    }

    /// <summary>Reads the outcome of a question: the failure, or null if the answer follows.</summary>
    /// <param name="reader">The pipe.</param>
    /// <param name="path">The file that was read.</param>
    public static HpcFitException? Verdict(BinaryReader reader, string path) =>
        (ReadVerdict)reader.ReadByte() switch
        {
            ReadVerdict.Done => null,
            ReadVerdict.Damaged => new WriteDamagedException(path, reader.ReadString(), reader.ReadString()),
            ReadVerdict.Refused => ReadRefusedException.Create(reader.ReadString(), (ExitCode)reader.ReadInt32()),
            var other => throw new InvalidDataException($"Unknown answer {(byte)other}: the two ends of the pipe are different programs."),
        };

    /// <summary>Writes a survey.</summary>
    public static void Write(BinaryWriter writer, FileSurvey survey)
    {
        writer.WriteList(survey.Present, writer.Write);
        writer.WriteList(survey.Foreign, writer.Write);
        writer.WriteList(survey.Unlisted, writer.Write);
        writer.Write(survey.EndOfValues);
        writer.WriteList(
            survey.Metadata,
            range =>
            {
                writer.Write(range.Start);
                writer.Write(range.End);
            }
        );
    }

    /// <summary>Reads a survey.</summary>
    /// <param name="reader">The pipe.</param>
    /// <param name="path">The file that was surveyed.</param>
    /// <param name="length">Its length, which no range may exceed.</param>
    /// <exception cref="BadInputException">The ranges are not valid for such a file.</exception>
    public static FileSurvey Survey(BinaryReader reader, string path, long length)
    {
        var (present, foreign, unlisted, end, reached) = (
            reader.ReadList(reader.ReadString),
            reader.ReadList(reader.ReadString),
            reader.ReadList(reader.ReadString),
            reader.ReadInt64(),
            0L
        );
        return new(
            present,
            foreign,
            unlisted,
            end,
            reader.ReadList(() =>
            {
                var range = new ByteRange(reader.ReadInt64(), reader.ReadInt64());
                if (range.Start < reached || range.End < range.Start || range.End > length)
                    throw new BadInputException(
                        $"'{path}' is probably damaged: the HDF5 library found the bytes {range.Start:N0} to {range.End:N0} after "
                            + $"byte {reached:N0} of {length:N0}. Check it with h5dump, or write into a new file with --output."
                    );
                reached = range.End;
                return range;
            })
        );
    }
}
