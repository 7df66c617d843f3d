using System.Text;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>
/// The answer of a process whose libhdf5 has read a damaged file is not trusted: the journal saves, and later restores, these ranges.
/// </summary>
public sealed class ReadAnswersTests
{
    [Fact]
    public void A_survey_arrives_as_it_was_sent()
    {
        var survey = Sent(new(0, 96), new(200, 1000));
        var read = Read(survey, length: 1000);
        read.Present.ShouldBe(survey.Present);
        read.Foreign.ShouldBe(survey.Foreign);
        read.Unlisted.ShouldBe(survey.Unlisted);
        read.EndOfValues.ShouldBe(survey.EndOfValues);
        read.Metadata.ShouldBe(survey.Metadata);
    }

    [Theory]
    [InlineData(0, 96, 200, 1001)] // beyond the end
    [InlineData(0, 96, 95, 200)] // overlapping
    [InlineData(0, 96, 300, 200)] // of negative length
    [InlineData(-8, 96, 200, 1000)]
    public void Invalid_ranges_are_refused_as_damage(long start, long end, long nextStart, long nextEnd) =>
        Should
            .Throw<BadInputException>(() => Read(Sent(new(start, end), new(nextStart, nextEnd)), length: 1000))
            .Message.ShouldContain("'/data/a.h5' is probably damaged");

    private static FileSurvey Sent(params ByteRange[] metadata) =>
        new(["/results/é"], ["/results/é"], ["/scalars/FD/values"], 200, metadata);

    private static FileSurvey Read(FileSurvey survey, long length)
    {
        using var pipe = new MemoryStream();
        using var writer = new BinaryWriter(pipe, Encoding.UTF8);
        ReadAnswers.Write(writer, survey);
        pipe.Position = 0;
        using var reader = new BinaryReader(pipe, Encoding.UTF8);
        return ReadAnswers.Survey(reader, "/data/a.h5", length);
    }
}
