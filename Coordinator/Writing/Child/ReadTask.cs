using System.Text;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>Answers the questions of a <see cref="ChildReader"/>.</summary>
/// <param name="input">Standard input, after the task.</param>
/// <param name="output">Standard output.</param>
#pragma warning disable CA1001 // it owns nothing: reader and writer leave the caller's pipes open
internal sealed class ReadTask(Stream input, Stream output)
#pragma warning restore CA1001
{
    private readonly BinaryReader _questions = new(new BufferedStream(input, 1 << 16), Encoding.UTF8, leaveOpen: true);
    private readonly BinaryWriter _answers = new(new BufferedStream(output, 1 << 16), Encoding.UTF8, leaveOpen: true);

    /// <summary>Answers until the parent kills this process or ends.</summary>
    /// <exception cref="EndOfStreamException">The parent has ended.</exception>
    public void Run()
    {
        while (true)
        {
            Answer((ReadQuestion)_questions.ReadByte(), _questions.ReadString(), new(_questions.ReadUInt64(), _questions.ReadUInt64()));
            _answers.Flush();
        }
    }

    private void Answer(ReadQuestion question, string path, FileIdentity file)
    {
        switch (question)
        {
            case ReadQuestion.Survey:
                var (length, targets, runs) = (
                    _questions.ReadInt64(),
                    _questions.ReadList(_questions.ReadString),
                    _questions.ReadList(_questions.ReadString)
                );
                FileSurvey? survey = null;
                ReadAnswers.WriteVerdict(_answers, Failure(() => survey = FileSurvey.Read(path, file, length, targets, runs)));
                if (survey is not null)
                    ReadAnswers.Write(_answers, survey);
                break;
            case ReadQuestion.Verify:
                var (objects, datasets) = (
                    _questions.ReadList(_questions.ReadWrittenObject),
                    _questions.ReadList(_questions.ReadWrittenDataset)
                );
                ReadAnswers.WriteVerdict(_answers, Failure(() => Verification.Check(path, file, objects, datasets)));
                break;
            default:
                throw new InvalidDataException($"Unknown question {(byte)question}: the two ends of the pipe are different programs.");
        }
    }

    private static HpcFitException? Failure(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (HpcFitException failure)
        {
            return failure;
        }
    }
}
