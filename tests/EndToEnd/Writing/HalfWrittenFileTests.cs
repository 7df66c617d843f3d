using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Writing;

/// <summary>A data file whose writer was killed: in place, and copied without its journal.</summary>
public sealed class HalfWrittenFileTests : IDisposable
{
    private const int BadInput = 3;
    private const int Busy = 7;

    private readonly FittedRun _run = new();

    public HalfWrittenFileTests() => KillInTheWrite();

    [Fact]
    public void Every_command_that_reads_refuses_it_with_and_without_its_journal()
    {
        var copy = Path.Combine(_run.Folder, "copy.h5");
        var mask = Path.Combine(_run.Folder, "mask.nii.gz");
        using (
            var python = Running.Start(
                Python.Path,
                ["-c", $"import nibabel, numpy; nibabel.save(nibabel.Nifti1Image(numpy.ones((50, 40, 20), 'u1'), numpy.eye(4)), '{mask}')"]
            )
        )
            python.Wait().ShouldSucceed();
        File.Copy(_run.Data, copy);
        foreach (var (file, code) in new[] { (_run.Data, Busy), (copy, BadInput) })
        {
            var output = Path.Combine(_run.Folder, "out");
            foreach (
                var command in (string[][])
                    [
                        ["inspect", file],
                        ["rechunk", file, output],
                        ["export-table", file, "lm"],
                        ["export", "--data", file, "--output-dir", output, "--analysis", "lm", "--mask", mask],
                        ["element", "--id", "1", "--data", file, "--phenotypes", _run.Cohort, "--model", "lm", "--formula", "FD ~ Age"],
                        [
                            "run",
                            "--model",
                            "lm",
                            "--data",
                            file,
                            "--phenotypes",
                            _run.Cohort,
                            "--formula",
                            "FD ~ Age",
                            "--analysis",
                            "other",
                            "--output",
                            output,
                        ],
                    ]
            )
            {
                HpcFitProgram.Run(command).ShouldEndWith(code).ShouldSay(file, "recover");
            }
        }
        HpcFitProgram.Run("recover", copy).ShouldSucceed();
        HpcFitProgram.Run("recover", _run.Data).ShouldSucceed();
        _run.HashOfData().ShouldBe(_run.BeforeHash);
    }

    [Fact]
    public void The_same_command_again_restores_it_and_writes()
    {
        HpcFitProgram.Run("merge", _run.Run).ShouldSucceed().ShouldSay("interrupted", "restored");

        _run.ShouldHoldTheResultsForOthers();
        Directory.EnumerateFiles(_run.Folder, "data.h5.hpcfit-*").ShouldBeEmpty();
        Directory.EnumerateFiles(_run.Run, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void A_change_since_the_kill_is_kept_until_forced()
    {
        File.AppendAllText(_run.Data, "x");
        var changed = _run.HashOfData();

        HpcFitProgram.Run("recover", _run.Data).ShouldEndWith(BadInput).ShouldSay("changed it afterwards", "--force");
        HpcFitProgram.Run("merge", _run.Run).ShouldEndWith(BadInput).ShouldSay("changed it afterwards");
        _run.HashOfData().ShouldBe(changed);

        HpcFitProgram.Run("recover", "--force", _run.Data).ShouldSucceed().Output.ShouldContain(".before-recover-");
        _run.HashOfData().ShouldBe(_run.BeforeHash);
    }

    public void Dispose() => _run.Dispose();

    /// <summary>Repeats until a kill hits the write between two operations, with some of its bytes in the file.</summary>
    private void KillInTheWrite()
    {
        do
        {
            if (File.Exists(_run.Journal))
                HpcFitProgram.Run("recover", _run.Data).ShouldSucceed();
            _run.PutDataBack();
            var length = new FileInfo(_run.Data).Length;
            using var merge = HpcFitProgram.Start("merge", _run.Run);
            while (!merge.HasExited && new FileInfo(_run.Data).Length == length)
                Thread.Sleep(0);
            if (!merge.HasExited)
                merge.Signal(NativeSignal.Kill);
            merge.Wait();
        } while (!File.Exists(_run.Journal) || _run.HashOfData() == _run.BeforeHash || IsBusy());
    }

    private bool IsBusy() => File.ReadAllBytes(_run.Journal)[9] != 0;
}
