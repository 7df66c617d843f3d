using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>A file that cannot take results is refused before anything is fitted: no run directory is made.</summary>
public sealed class TargetTests : IDisposable
{
    private const int BadInput = 3;
    private readonly Study _study = new(elements: 60, subjects: 20);

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("/results", "external link into another file")]
    [InlineData("/results/a", "")]
    public void Links_at_the_place_of_results(string link, string words)
    {
        var other = _study.Combine("other.h5");
        File.Copy(_study.Data, other);
        Python.Run("link.py", _study.Data, link, other, "/scalars").ShouldSucceed();
        if (words.Length > 0)
            HpcFitProgram.Run("inspect", _study.Data).ShouldSucceed().Output.ShouldContain("results cannot be written into this file");
        // An analysis that is a link is no analysis of HpcFit; with --overwrite the link itself is replaced.
        if (words.Length > 0)
            Refused(words, "--overwrite");
        Python.Run("link.py", _study.Data, link, "absent.h5", "/x").ShouldSucceed();
        Refused("leads nowhere");
        Refused("leads nowhere", "--overwrite");
        HpcFitProgram.Run(_study.Lm("FD ~ Age", "a", "--output", _study.Combine("out.h5"))).ShouldSucceed();
    }

    [Fact]
    public void A_file_of_two_names()
    {
        using var link = Running.Start("ln", [_study.Data, _study.Combine("second.h5")]);
        link.Wait().ShouldSucceed();
        Refused("2 names (hard links)");
    }

    [Fact]
    public void A_file_that_must_not_change()
    {
        using var attribute = Running.Start("chattr", ["+i", _study.Data]);
        if (attribute.Wait().ExitCode != 0)
            return; // only the superuser may, and not on every file system
        try
        {
            Refused("is not writable");
        }
        finally
        {
            using var removed = Running.Start("chattr", ["-i", _study.Data]);
            removed.Wait().ShouldSucceed();
        }
    }

    [Fact]
    public void A_data_file_whose_name_leaves_no_room_for_that_of_the_journal()
    {
        var data = _study.Combine(new string('d', 240) + ".h5");
        File.Move(_study.Data, data);
        HpcFitProgram
            .Run("run", "--model", "lm", "--data", data, "--phenotypes", _study.Cohort, "--formula", "FD ~ Age", "--analysis", "a")
            .ShouldEndWith(BadInput)
            .ShouldSay("Correct the permission or the name");
    }

    private void Refused(string words, params string[] more)
    {
        HpcFitProgram.Run(_study.Lm("FD ~ Age", "a", more)).ShouldEndWith(BadInput).ShouldSay(words);
        Directory.Exists(_study.Data + ".hpcfit").ShouldBeFalse();
    }
}
