using System.Diagnostics;
using System.Security.Cryptography;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary><c>delete</c> and <c>rename</c> of an analysis: writes like any other, whole or not at all.</summary>
public sealed class DeleteAndRenameTests : IDisposable
{
    private const int Kills = 12;
    private readonly Study _study = new(elements: 20_000, subjects: 24);
    private readonly byte[] _before;
    private readonly ResultsTable _other;

    public DeleteAndRenameTests()
    {
        foreach (var (name, formula) in new[] { ("a", "FD ~ Age"), ("b", "FD ~ Age + motion"), ("c", "FD ~ sex") })
            HpcFitProgram.Run(_study.Lm(formula, name)).ShouldSucceed();
        _before = File.ReadAllBytes(_study.Data);
        _other = ResultsTable.Read(_study.Data, "a");
    }

    [Fact]
    public void A_deleted_analysis_is_gone_and_the_others_are_unchanged()
    {
        var deleted = HpcFitProgram.Run("delete", _study.Data, "b").ShouldSucceed().Output;

        deleted.ShouldContain("deleted    /results/b");
        deleted.ShouldContain("rechunk");
        Analyses().ShouldBe(["a", "c"]);
        ResultsTable.Read(_study.Data, "a").ShouldHaveTheSameBitsAs(_other);
        Directory.EnumerateFiles(_study.Folder, "data.h5.hpcfit-*").ShouldBeEmpty();
        // What the command prints about space is true: a copy is smaller.
        HpcFitProgram.Run("rechunk", _study.Data, _study.Combine("copy.h5")).ShouldSucceed();
        new FileInfo(_study.Combine("copy.h5")).Length.ShouldBeLessThan(new FileInfo(_study.Data).Length);
    }

    [Fact]
    public void A_renamed_analysis_has_the_same_content()
    {
        HpcFitProgram.Run("rename", _study.Data, "a", "results of a").ShouldSucceed();

        Analyses().ShouldBe(["b", "c", "results of a"]);
        ResultsTable.Read(_study.Data, "results of a").ShouldHaveTheSameBitsAs(_other);
        HpcFitProgram.Run("inspect", _study.Data, "results of a").ShouldSucceed().Output.ShouldContain("FD ~ Age");
        new FileInfo(_study.Data).Length.ShouldBeInRange(_before.Length, _before.Length + 4096); // names of links
    }

    [Fact]
    public void What_cannot_be_done_is_refused_and_changes_nothing()
    {
        HpcFitProgram.Run("delete", _study.Data, "bb").ShouldEndWith(3).ShouldSay("no analysis 'bb'", "did you mean 'b'?");
        HpcFitProgram.Run("rename", _study.Data, "A", "d").ShouldEndWith(3).ShouldSay("did you mean 'a'");
        HpcFitProgram.Run("rename", _study.Data, "a", "b").ShouldEndWith(3).ShouldSay("already contains an analysis 'b'", "delete");
        HpcFitProgram.Run("rename", _study.Data, "a", "x/y").ShouldEndWith(2).ShouldSay("NEW is 'x/y'");
        HpcFitProgram.Run("rename", _study.Data, "a", "a").ShouldEndWith(2).ShouldSay("both 'a'");
        HpcFitProgram.Run("delete", _study.Cohort, "a").ShouldEndWith(3).ShouldSay("not an HDF5 file");
        HpcFitProgram.Run("delete", _study.Combine("none.h5"), "a").ShouldEndWith(3).ShouldSay("none.h5");
        using (var link = Running.Start("ln", [_study.Data, _study.Combine("second.h5")]))
            link.Wait().ShouldSucceed();
        HpcFitProgram.Run("delete", _study.Data, "a").ShouldEndWith(3).ShouldSay("hard links");
        HpcFitProgram.Run("rename", _study.Data, "a", "d").ShouldEndWith(3).ShouldSay("hard links");
        File.ReadAllBytes(_study.Data).ShouldBe(_before);
    }

    [Theory]
    [InlineData("delete", "b")]
    [InlineData("rename", "b", "new")]
    public void Killed_at_any_moment_it_leaves_the_exact_old_bytes_or_the_new_file(string verb, string name, params string[] more)
    {
        var (random, window, old, done) = (new Random(7), TimeSpan.FromSeconds(0.5), 0, 0);
        string[] after = verb == "delete" ? ["a", "c"] : ["a", "c", "new"];
        for (var kill = 0; kill < Kills; kill++)
        {
            File.WriteAllBytes(_study.Data, _before);
            KillOne([verb, _study.Data, name, .. more], window * random.NextDouble(), whom: kill % 3);
            HpcFitProgram.Run("recover", _study.Data).ShouldSucceed();

            Directory.EnumerateFiles(_study.Folder, "data.h5.hpcfit-*").ShouldBeEmpty($"after kill {kill}");
            if (SHA256.HashData(File.ReadAllBytes(_study.Data)).SequenceEqual(SHA256.HashData(_before)))
            {
                old++;
                window *= 1.3;
                continue;
            }
            done++;
            window /= 1.3;
            Analyses().ShouldBe(after);
            ResultsTable.Read(_study.Data, "a").ShouldHaveTheSameBitsAs(_other);
        }
        old.ShouldBeGreaterThan(0, "the kills came too late to interrupt anything");
        done.ShouldBeGreaterThan(0, "the kills came too early for any write to end");
    }

    public void Dispose() => _study.Dispose();

    private string[] Analyses() => Python.Run("list_group.py", _study.Data, "results").ShouldSucceed().Output.TrimEnd().Split('\n');

    /// <summary>Starts the command, waits for its journal and some more time, and kills it, its writing process, or both.</summary>
    private void KillOne(string[] arguments, TimeSpan delay, int whom)
    {
        using var command = HpcFitProgram.Start(arguments);
        for (
            var deadline = DateTime.UtcNow.AddMinutes(1);
            !File.Exists(_study.Data + ".hpcfit-undo") && !command.HasExited;
            Thread.Sleep(0)
        )
            DateTime.UtcNow.ShouldBeLessThan(deadline);
        for (var moment = Stopwatch.StartNew(); moment.Elapsed < delay && !command.HasExited; )
            Thread.Sleep(0);
        var writers = whom == 0 || command.HasExited ? [] : ProcessTree.Children(command.Id, "hpcfit");
        foreach (var writer in writers)
            NativeSignal.Send(writer, NativeSignal.Kill);
        if (whom != 1 && !command.HasExited)
            command.Signal(NativeSignal.Kill);
        command.Wait();
    }
}
