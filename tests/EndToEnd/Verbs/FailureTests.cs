using System.Globalization;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>Failures are reported with their cause, other elements are finished, and no process is left behind.</summary>
public sealed class FailureTests(PreparedRuns runs) : IClassFixture<PreparedRuns>
{
    private const int Incomplete = 4;
    private const int DataError = 9;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_corrupt_chunk_is_reported_with_its_elements_while_other_jobs_finish_and_can_be_skipped()
    {
        using var study = new Study(elements: 12_000, subjects: 200);
        var range = Python.Run("corrupt_chunk.py", study.Data, "scalars/FD/values", "3").ShouldSucceed().Output.Split();
        var (first, last) = (int.Parse(range[0], CultureInfo.InvariantCulture), int.Parse(range[1], CultureInfo.InvariantCulture));
        var (run, output) = (study.Combine("run"), study.Combine("out.h5"));

        HpcFitProgram
            .Run(study.Lm(PreparedRuns.Formula, "lm", "--run-dir", run, "--output", output, "--jobs", "9", "--workers", "2"))
            .ShouldEndWith(DataError)
            .ShouldSay($"{first}:{last}", "data.h5", "--on-error skip");
        File.Exists(output).ShouldBeFalse();
        HpcFitProgram
            .Run("status", run)
            .ShouldEndWith(4)
            .Output.ShouldSatisfyAllConditions(
                text => text.ShouldContain("8 finished, 1 data error"),
                text => text.ShouldContain($"{12_000 - (last - first + 1):N0} of 12,000")
            );

        HpcFitProgram.Run("resume", run, "--on-error", "skip").ShouldSucceed().Output.ShouldContain($"{last - first + 1:N0} CorruptChunk");
        var table = ResultsTable.Read(output, "lm");
        table["Age.estimate"][first - 1].ShouldBe(double.NaN);
        table["Age.estimate"][last - 1].ShouldBe(double.NaN);
        table["Age.estimate"][last].ShouldNotBe(double.NaN);
    }

    [Fact]
    public void When_every_job_dies_the_run_stops_at_once_and_reports_their_messages()
    {
        var worker = Script("dying", "echo 'libgsl.so.27: cannot open shared object file' >&2; exit 127");
        var end = HpcFitProgram.RunWith(
            new Dictionary<string, string> { ["HPCFIT_WORKER"] = worker },
            runs.Command("run", "dying", "--jobs", "4")
        );
        end.ShouldEndWith(Incomplete).ShouldSay("every job crashed", "exit code 127", "libgsl.so.27", "hpcfit resume");
        Directory.GetDirectories(Path.Combine(runs.Folder("dying"), "rounds")).Length.ShouldBe(1);

        HpcFitProgram.Run("resume", runs.Folder("dying")).ShouldSucceed();
        runs.ShouldHold("dying");
    }

    [Fact]
    public void A_worker_that_segfaults_is_reported_and_its_elements_are_fitted_again()
    {
        // The first worker of each round dies of a signal, after nothing; the others are sound.
        var worker = Script("segfault", $"mkdir '{runs.Study.Combine("once")}' 2>/dev/null && kill -SEGV $$");
        HpcFitProgram
            .RunWith(
                new Dictionary<string, string> { ["HPCFIT_WORKER"] = worker },
                runs.Command("run", "segfault", "--jobs", "4", "--workers", "1")
            )
            .ShouldSucceed()
            .ShouldSay("SIGSEGV", "cut into up to 8 parts");
        runs.ShouldHold("segfault");
    }

    [Fact]
    public void Workers_of_a_killed_coordinator_stop_after_their_block_and_keep_it()
    {
        // One job of many blocks, on one thread; the coordinator is killed at its first heartbeat.
        using var study = new Study(elements: 84_000, subjects: 200);
        var (run, output) = (study.Combine("run"), study.Combine("out.h5"));
        using var coordinator = HpcFitProgram.Start(
            study.Lm(PreparedRuns.Formula, "lm", "--run-dir", run, "--output", output, "--jobs", "1", "--threads", "1")
        );
        var workers = Workers(coordinator, "hpcfit-worker", 1, whenThereIs: Path.Combine(run, "progress"));
        coordinator.Signal(NativeSignal.Kill);
        ShouldBeGone(workers);
        var heartbeat = File.ReadAllText(Directory.GetFiles(Path.Combine(run, "progress"), "*.json").ShouldHaveSingleItem());
        heartbeat.ShouldContain("\"ended\": \"Cancelled\"");
        HpcFitProgram.Run("resume", run).ShouldSucceed();
        ResultsTable.Read(output, "lm").Rows.ShouldBe(84_000);
    }

    [Fact]
    public void A_second_Ctrl_C_ends_everything_at_once()
    {
        var worker = Script("sleeping", "exec sleep 300");
        using var coordinator = Running.Start(
            Path.Combine(HpcFitProgram.Folder, "hpcfit"),
            runs.Command("run", "twice", "--workers", "2", "--jobs", "4"),
            new Dictionary<string, string> { ["HPCFIT_WORKER"] = worker }
        );
        var workers = Workers(coordinator, "sleep", 2);
        coordinator.Signal(NativeSignal.Interrupt);
        Thread.Sleep(300);
        workers.ShouldAllBe(pid => IsAlive(pid));
        coordinator.Signal(NativeSignal.Interrupt);
        coordinator.Wait().ExitCode.ShouldBe(128 + NativeSignal.Interrupt);
        ShouldBeGone(workers);
    }

    [Fact]
    public void A_coordinator_killed_while_it_merges_leaves_the_old_file_or_the_new_one()
    {
        runs.Plan("merging", jobs: 1, fitted: [0]);
        var random = new Random(5);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            using var merge = HpcFitProgram.Start("merge", runs.Folder("merging"), "--overwrite");
            Thread.Sleep(random.Next(50, 700));
            merge.Signal(NativeSignal.Kill);
            merge.Wait();
            if (File.Exists(runs.Output("merging")))
                runs.ShouldHold("merging");
        }
        HpcFitProgram.Run("merge", runs.Folder("merging"), "--overwrite").ShouldSucceed();
        runs.ShouldHold("merging");
    }

    /// <summary>A worker that answers the probe normally, and performs another action before it fits.</summary>
    private string Script(string name, string beforeFit) =>
        // It does not attend: each command starts a separate process, with its verb as the first argument.
        ShellScript.Write(
            runs.Study.Combine($"worker-{name}.sh"),
            $"[ \"$1\" != attend ] || exit 1\nif [ \"$1\" = fit ]; then\n{beforeFit}\nfi\nexec '{HpcFitProgram.Worker}' \"$@\""
        );

    /// <summary>The coordinator's workers, as soon as they exist, and a file in a folder with them.</summary>
    private static IReadOnlyList<int> Workers(Running coordinator, string name, int count, string? whenThereIs = null)
    {
        for (var deadline = DateTime.UtcNow + Soon; DateTime.UtcNow < deadline; Thread.Sleep(10))
        {
            var workers = ProcessTree.Children(coordinator.Id, name);
            if (
                workers.Count == count
                && (whenThereIs is null || (Directory.Exists(whenThereIs) && Directory.EnumerateFiles(whenThereIs).Any()))
            )
                return workers;
        }
        throw new ShouldAssertException($"The coordinator has not started {count} of '{name}'.");
    }

    private static void ShouldBeGone(IReadOnlyList<int> processes)
    {
        for (var deadline = DateTime.UtcNow + Soon; processes.Any(IsAlive) && DateTime.UtcNow < deadline; )
            Thread.Sleep(20);
        processes.Where(IsAlive).ShouldBeEmpty();
    }

    private static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}");
}
