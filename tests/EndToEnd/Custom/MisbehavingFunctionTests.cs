using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Custom;

/// <summary>
/// User code that fails at a few elements in all ways. Those elements get a status code and a message, or the run stops, as the user
/// requests; continued after the code is corrected, the run gives the same bits as an undisturbed one.
/// </summary>
public sealed class MisbehavingFunctionTests(MisbehavingFunctionTests.Baseline baseline) : IClassFixture<MisbehavingFunctionTests.Baseline>
{
    private const int DataError = 9;
    private const int Cancelled = 6;

    [Theory]
    [InlineData("stop", "UserCodeFailed", "no good reason")]
    [InlineData("kill", "UserCodeFailed", "SIGKILL")]
    [InlineData("quit", "UserCodeFailed", "ended with exit code 3")]
    [InlineData("hang", "UserCodeTimedOut", "longer than 1 s", "--element-timeout", "1s")]
    [InlineData("memory", "UserCodeFailed", "cannot allocate", "--function-memory", "300M")]
    [InlineData("columns", "UserCodeFailed", "returned the columns mean, median, draw, first; the run's are mean, sd, draw, first")]
    [InlineData("strings", "UserCodeFailed", "returned character (\"large\") as 'mean'")]
    public void A_failing_element_stops_the_run_and_can_be_resumed_or_skipped(
        string how,
        string code,
        string message,
        params string[] options
    )
    {
        var misbehave = new Dictionary<string, string> { ["MISBEHAVE"] = how };
        baseline
            .Run.FitWith(misbehave, how, "misbehaving.R", options)
            .ShouldEndWith(DataError)
            .ShouldSay(message, "element ", "--on-error skip");
        File.Exists(baseline.Run.Output(how)).ShouldBeFalse();
        baseline.Run.Fit(how, "misbehaving.R", options).ShouldSucceed();
        baseline.Run.Results(how).ShouldHaveTheSameBitsAs(baseline.Results);

        var skipping = how + "-skipped";
        var said = baseline.Run.FitWith(misbehave, skipping, "misbehaving.R", ["--on-error", "skip", .. options]).ShouldSucceed().Output;
        said.ShouldContain($"{baseline.Bad.Count} {code}");
        said.ShouldContain(message);
        baseline.ShouldHoldEverythingBut(baseline.Bad, baseline.Run.Results(skipping));
    }

    [Fact]
    public void A_run_that_exceeded_its_time_limit_can_be_given_more()
    {
        var slow = new Dictionary<string, string> { ["MISBEHAVE"] = "slow" };
        baseline
            .Run.FitWith(slow, "slow", "misbehaving.R", "--element-timeout", "1s")
            .ShouldEndWith(DataError)
            .ShouldSay("longer than 1 s");
        baseline.Run.FitWith(slow, "slow", "misbehaving.R", "--element-timeout", "1m").ShouldSucceed();
        baseline.Run.Results("slow").ShouldHaveTheSameBitsAs(baseline.Results);
    }

    [Fact]
    public void What_it_prints_goes_to_the_log_and_nowhere_else()
    {
        baseline.Run.FitWith(new() { ["MISBEHAVE"] = "print" }, "print", "misbehaving.R").ShouldSucceed();
        baseline.Run.Results("print").ShouldHaveTheSameBitsAs(baseline.Results);
        var log = baseline.Run.Log("print");
        log.ShouldContain("garbage garbage");
        log.ShouldContain("garbage of a child");
        log.ShouldContain("to standard error");
    }

    [Fact]
    public void NaN_is_an_ordinary_value_and_is_reported()
    {
        var said = baseline.Run.FitWith(new() { ["MISBEHAVE"] = "nan" }, "nan", "misbehaving.R").ShouldSucceed().Output;
        said.ShouldNotContain("UserCodeFailed");
        said.ShouldContain(
            $"answered NaN at {baseline.Bad.Count} element{(baseline.Bad.Count == 1 ? "" : "s")}; at element {baseline.Bad[0]}: NaN "
                + "as 'mean'"
        );
        var results = baseline.Run.Results("nan");
        foreach (var element in baseline.Bad)
        {
            double.IsNaN(results["mean"][element]).ShouldBeTrue();
            double.IsNaN(results["sd"][element]).ShouldBeTrue();
            results["draw"][element].ShouldBe(1);
        }
    }

    [Fact]
    public void Its_temporary_files_go_with_its_interpreter_however_that_ends()
    {
        var (temporary, file) = (
            Directory.CreateDirectory(baseline.Run.Study.Combine("tmp")).FullName,
            baseline.Run.Study.Combine("untidy.R")
        );
        File.WriteAllText(
            file,
            """
            untidy <- function(data) {
                writeLines("x", tempfile())
                if (data$FD[1] > 1.5) tools::pskill(Sys.getpid(), tools::SIGKILL)
                c(kept = length(list.files(tempdir())))
            }
            """
        );
        baseline.Run.FitWith(new() { ["TMPDIR"] = temporary }, "untidy", file, "--on-error", "skip", "--threads", "2").ShouldSucceed();
        baseline.Run.Results("untidy")["kept"].Where(count => !double.IsNaN(count)).ShouldAllBe(count => count >= 1);
        Directory.EnumerateFileSystemEntries(temporary).ShouldBeEmpty();
    }

    [Fact]
    public void An_interpreter_killed_from_outside_costs_nothing()
    {
        using var run = HpcFitProgram.Start(
            baseline.Run.Arguments("outside", "misbehaving.R", "--workers", "1", "--threads", "1", "--function-args", "pause=0.01")
        );
        var (killed, published) = (0, 0L);
        for (var deadline = DateTime.UtcNow.AddSeconds(60); killed < 2 && !run.HasExited && DateTime.UtcNow < deadline; Thread.Sleep(10))
        {
            // Blocks published since the last kill show that an interpreter is working again.
            if (baseline.Run.PublishedBytes("outside") is var bytes && bytes == published)
                continue;
            var (_, interpreter) = Interpreter(run);
            NativeSignal.Send(interpreter, NativeSignal.Kill);
            (killed, published) = (killed + 1, baseline.Run.PublishedBytes("outside"));
        }
        run.Wait().ShouldSucceed();
        killed.ShouldBe(2);
        baseline.Run.Results("outside").ShouldHaveTheSameBitsAs(baseline.Results);
    }

    [Fact]
    public void A_killed_worker_takes_even_a_hung_interpreter_along()
    {
        var file = baseline.Run.Study.Combine("busy.R");
        File.WriteAllText(file, "busy <- function(data) repeat {}\n");
        using var run = HpcFitProgram.Start(baseline.Run.Arguments("busy", file));
        var (worker, interpreter) = Interpreter(run);
        NativeSignal.Send(worker, NativeSignal.Kill);
        for (var deadline = DateTime.UtcNow.AddSeconds(10); Directory.Exists($"/proc/{interpreter}") && DateTime.UtcNow < deadline; )
            Thread.Sleep(20);
        Directory.Exists($"/proc/{interpreter}").ShouldBeFalse();
    }

    [Fact]
    public void What_killed_programs_left_in_TMPDIR_the_next_run_removes()
    {
        var (temporary, file) = (
            Directory.CreateDirectory(baseline.Run.Study.Combine("tmp-of-killed")).FullName,
            baseline.Run.Study.Combine("slow.R")
        );
        var environment = new Dictionary<string, string> { ["TMPDIR"] = temporary, ["DOTNET_EnableDiagnostics"] = "0" };
        File.WriteAllText(
            file,
            "slow <- function(data) { writeLines('x', tempfile()); Sys.sleep(as.numeric(Sys.getenv('HPCFIT_TEST_PAUSE'))); c(mean = "
                + "mean(data$FD)) }\n"
        );
        using (
            var run = Running.Start(
                HpcFitProgram.Coordinator,
                baseline.Run.Arguments("killed", file, "--element-subset", "1:40"),
                new Dictionary<string, string>(environment) { ["HPCFIT_TEST_PAUSE"] = "600" }
            )
        )
        {
            var (worker, _) = Interpreter(run);
            NativeSignal.Send(run.Id, NativeSignal.Kill);
            NativeSignal.Send(worker, NativeSignal.Kill);
            run.Wait();
        }
        Directory.EnumerateFileSystemEntries(temporary).ShouldHaveSingleItem();
        environment["HPCFIT_TEST_PAUSE"] = "0";
        baseline.Run.FitWith(environment, "killed", file, "--element-subset", "1:40").ShouldSucceed();
        Directory.EnumerateFileSystemEntries(temporary).ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_function_is_another_run()
    {
        var file = baseline.Run.Study.Combine("changing.R");
        File.Copy(CustomRun.Function("misbehaving.R"), file);
        baseline.Run.Fit("changing", file, "--element-subset", "1:20").ShouldSucceed();
        File.AppendAllText(file, "# a comment\n");
        baseline.Run.Fit("changing", file, "--element-subset", "1:20", "--overwrite").ShouldEndWith(3).ShouldSay("holds another run");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("skip")]
    public void A_function_that_ignores_the_stop_is_ended_in_time_and_its_results_are_kept(string onError)
    {
        var (run, marker) = ("patient-" + onError, baseline.Run.Study.Combine("marker-" + onError));
        var file = baseline.Run.Study.Combine("patient.R");
        File.WriteAllText(
            file,
            """
            patient <- function(data) {
                if (data$FD[1] > 1.5 && nzchar(Sys.getenv("HPCFIT_TEST_MARKER"))) {
                    file.create(Sys.getenv("HPCFIT_TEST_MARKER"))
                    Sys.sleep(600)
                }
                c(mean = mean(data$FD), draw = runif(1))
            }
            """
        );
        string[] options = ["--element-timeout", "20m", "--on-error", onError];
        HpcFitProgram.Run(["plan", .. baseline.Run.Arguments(run, file, options)[1..], "--jobs", "1"]).ShouldSucceed();
        using var worker = Running.Start(
            HpcFitProgram.Worker,
            ["fit", "--run", baseline.Run.Study.Combine("run-" + run), "--round", "1", "--job", "0", "--threads", "1"],
            new Dictionary<string, string> { ["HPCFIT_TEST_MARKER"] = marker }
        );
        for (var deadline = DateTime.UtcNow.AddSeconds(60); !File.Exists(marker); Thread.Sleep(20))
            DateTime.UtcNow.ShouldBeLessThan(deadline);
        worker.Signal(NativeSignal.Terminate);

        // Far less than the ten minutes that the function would take; Slurm kills after half a minute.
        worker.Wait().ShouldEndWith(Cancelled);
        baseline.Run.Fit(run, file, options).ShouldSucceed().Output.ShouldNotContain("UserCode");
        baseline.Run.Fit("heeding", file).ShouldSucceed();
        baseline.Run.Results(run).ShouldHaveTheSameBitsAs(baseline.Run.Results("heeding"));
        File.Delete(baseline.Run.Output("heeding"));
    }

    /// <summary>The worker that a run started, and its R interpreter, as soon as both exist.</summary>
    private static (int Worker, int Interpreter) Interpreter(Running run)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < deadline; Thread.Sleep(50))
        {
            foreach (var worker in ProcessTree.Children(run.Id, "hpcfit-worker"))
            {
                if (ProcessTree.Children(worker, "R") is [var interpreter, ..])
                    return (worker, interpreter);
            }
        }
        throw new TimeoutException("No interpreter was started within a minute.");
    }

    /// <summary>An undisturbed run.</summary>
    public sealed class Baseline : IDisposable
    {
        public Baseline()
        {
            Run.Fit("baseline", "misbehaving.R", "--workers", "1", "--threads", "1").ShouldSucceed();
            Results = Run.Results("baseline");
            Bad = [.. Enumerable.Range(0, Results.Rows).Where(element => Results["first"][element] > 1.5)];
            Bad.Count.ShouldBeInRange(1, 6);
        }

        internal CustomRun Run { get; } = new(elements: 300);

        internal ResultsTable Results { get; }

        /// <summary>The elements at which the function misbehaves on request.</summary>
        internal IReadOnlyList<int> Bad { get; }

        internal void ShouldHoldEverythingBut(IReadOnlyList<int> lost, ResultsTable results)
        {
            results.Names.ShouldBe(Results.Names);
            foreach (var name in Results.Names.Skip(1))
            {
                for (var element = 0; element < Results.Rows; element++)
                    BitConverter
                        .DoubleToInt64Bits(results[name][element])
                        .ShouldBe(
                            BitConverter.DoubleToInt64Bits(lost.Contains(element) ? double.NaN : Results[name][element]),
                            $"{name} of element {element}"
                        );
            }
        }

        public void Dispose() => Run.Dispose();
    }
}
