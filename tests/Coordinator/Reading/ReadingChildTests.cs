using HpcFit.Coordinator.Reading;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Reading;

/// <summary>The layout of a new scalar is read by a process that a damaged file may crash or hang.</summary>
public sealed class ReadingChildTests
{
    [Fact]
    public void A_crash_is_reported_and_the_next_question_is_answered_by_another_process()
    {
        using var child = new ReadingChild(TimeSpan.FromMinutes(1));
        Should
            .Throw<BadInputException>(() => child.MetadataAnywhere(Damaged("segv-133.h5"), CancellationToken.None))
            .Message.ShouldContain("SIGSEGV");
        Should
            .Throw<HpcFitException>(() => child.MetadataAnywhere("/nowhere/a.h5", CancellationToken.None))
            .Message.ShouldContain("/nowhere/a.h5");
    }

    [Fact]
    public void A_call_that_does_not_return_is_ended()
    {
        using var child = new ReadingChild(TimeSpan.FromSeconds(1));
        Should
            .Throw<BadInputException>(() => child.MetadataAnywhere(Damaged("hang-217.h5"), CancellationToken.None))
            .Message.ShouldContain("no progress");
    }

    private static string Damaged(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "tests", "Data", "damaged", name)))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "tests", "Data", "damaged", name);
    }
}
