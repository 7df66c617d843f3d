using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>The worker that a run starts in advance: process starts are counted, because they are what it saves.</summary>
public sealed class HeadStartTests(PreparedRuns runs) : IClassFixture<PreparedRuns>
{
    [Fact]
    public void One_process_probes_and_fits_the_jobs_that_follow_each_other()
    {
        Started("one", "exec", "--jobs", "1").ShouldBe(["attend"]);
        Started("three", "exec", "--jobs", "3", "--workers", "1").ShouldBe(["attend"]);
    }

    [Fact]
    public void Where_it_cannot_attend_every_command_gets_a_process_of_its_own() =>
        Started("refused", "[ \"$1\" = attend ] && exit 1; exec", "--jobs", "1").ShouldBe(["attend", "probe", "fit"]);

    /// <remarks>A stand-in for the worker fits each job in a process of its own, and dies of a signal at the second.</remarks>
    [Fact]
    public void One_that_dies_in_its_second_job_loses_that_job_only()
    {
        var attending = runs.Study.Combine("attending.py");
        File.WriteAllText(
            attending,
            """
            import os, signal, subprocess, sys

            def read_arguments():
                arguments, argument = [], b""
                while byte := os.read(0, 1):
                    if byte != b"\0":
                        argument += byte
                    elif not argument:
                        return arguments
                    else:
                        arguments, argument = arguments + [argument.decode()], b""

            commands = 0
            while command := read_arguments():
                commands += 1
                if commands == 3:
                    os.kill(os.getpid(), signal.SIGSEGV)
                # Its standard input is a pipe that nobody closes before it has ended.
                subprocess.Popen([sys.argv[1], *command], stdin=subprocess.PIPE).wait()
                os.write(1, b"\0")
            """
        );
        var worker = ShellScript.Write(
            runs.Study.Combine("dying.sh"),
            $"[ \"$1\" = attend ] || exec '{HpcFitProgram.Worker}' \"$@\"\nexec python3 '{attending}' '{HpcFitProgram.Worker}'"
        );
        HpcFitProgram
            .RunWith(
                new Dictionary<string, string> { ["HPCFIT_WORKER"] = worker },
                runs.Command("run", "dying", "--jobs", "3", "--workers", "1")
            )
            .ShouldSucceed()
            .ShouldSay("job 1 ", "SIGSEGV");
        runs.ShouldHold("dying");
    }

    /// <summary>The verbs of the worker processes of a run, whose results equal those of every other partition.</summary>
    private string[] Started(string name, string exec, params string[] partition)
    {
        var verbs = runs.Study.Combine($"verbs-{name}");
        var counting = ShellScript.Write(
            runs.Study.Combine($"counting-{name}.sh"),
            $"echo \"$1\" >> '{verbs}'\n{exec} '{HpcFitProgram.Worker}' \"$@\""
        );
        HpcFitProgram
            .RunWith(new Dictionary<string, string> { ["HPCFIT_WORKER"] = counting }, runs.Command("run", name, partition))
            .ShouldSucceed();
        runs.ShouldHold(name);
        return File.ReadAllLines(verbs);
    }
}
