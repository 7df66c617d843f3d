using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Launching;

public class JobEndTests
{
    [Theory]
    [InlineData(0, "", false, nameof(JobOutcomeKind.Finished))]
    [InlineData(1, "", false, nameof(JobOutcomeKind.Crashed))]
    [InlineData(3, "", false, nameof(JobOutcomeKind.Refused))]
    [InlineData(6, "", false, nameof(JobOutcomeKind.Cancelled))]
    [InlineData(7, "", false, nameof(JobOutcomeKind.Busy))]
    [InlineData(8, "", false, nameof(JobOutcomeKind.FileSystem))]
    [InlineData(9, "", false, nameof(JobOutcomeKind.DataError))]
    [InlineData(10, "", false, nameof(JobOutcomeKind.OutOfMemory))]
    [InlineData(99, "", false, nameof(JobOutcomeKind.Crashed))]
    [InlineData(128 + 9, "", false, nameof(JobOutcomeKind.Killed))]
    [InlineData(128 + 9, "", true, nameof(JobOutcomeKind.OutOfMemory))]
    [InlineData(128 + 6, "Out of memory.", false, nameof(JobOutcomeKind.OutOfMemory))]
    [InlineData(128 + 6, "assertion failed", false, nameof(JobOutcomeKind.Crashed))]
    [InlineData(128 + 11, "", true, nameof(JobOutcomeKind.Crashed))]
    [InlineData(128 + 15, "", false, nameof(JobOutcomeKind.Cancelled))]
    public void A_worker_s_status_tells_why_it_ended(int status, string words, bool killedForMemory, string ending) =>
        End(status, words, killedForMemory).Ending.ShouldBe(Enum.Parse<JobOutcomeKind>(ending));

    [Fact]
    public void Its_words_name_the_cause_and_repeat_what_it_said()
    {
        End(137, "", true).Detail.ShouldContain("memory ran out");
        End(139, "", false).Detail.ShouldContain("SIGSEGV");
        End(9, "ERR chunk 3 is corrupt", false)
            .Detail.ShouldSatisfyAllConditions(words => words.ShouldContain("DataError"), words => words.ShouldContain("chunk 3"));
        End(137, "", true).ToString().ShouldStartWith("job 0 (shuffles 1:10) was ended by SIGKILL");
    }

    private static JobEnd End(int status, string words, bool killedForMemory) =>
        new(new Job(new(0), ElementSet.From(0, 10)), "shuffle", status, words, killedForMemory);
}
