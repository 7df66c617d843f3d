using System.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;

namespace HpcFit.Shared.Tests.Hosting;

public sealed class ProgramHostTests : IDisposable
{
    private readonly string _log = Path.Combine(Directory.CreateTempSubdirectory("hpcfit-host-").FullName, "log.jsonl");

    [Fact]
    public void An_expected_failure_has_its_exit_code_and_is_logged()
    {
        ProgramHost
            .Run(_log, null, (_, _) => throw new BadInputException("the cohort has no column 'age'"))
            .ShouldBe((int)ExitCode.BadInput);
        var line = Errors().ShouldHaveSingleItem();
        line.ShouldContain("the cohort has no column 'age'");
        line.ShouldNotContain("   at ");
    }

    [Fact]
    public void An_unforeseen_failure_leaves_its_trace_in_the_log()
    {
        ProgramHost.Run(_log, null, (_, _) => throw new InvalidOperationException("odd")).ShouldBe((int)ExitCode.InternalError);
        File.ReadAllText(_log).ShouldContain(nameof(An_unforeseen_failure_leaves_its_trace_in_the_log));
    }

    [Fact]
    public void A_failure_of_the_file_system_is_reported_without_a_trace()
    {
        // /dev/full takes an open and refuses every write, as a full disk does.
        ProgramHost
            .Run(
                _log,
                null,
                (_, _) =>
                {
                    using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
                    RandomAccess.Write(full, [1], 0);
                    return ExitCode.Success;
                }
            )
            .ShouldBe((int)ExitCode.FileSystem);
        var line = Errors().ShouldHaveSingleItem();
        line.ShouldContain("No space left on device");
        line.ShouldContain("/dev/full");
        line.ShouldNotContain("   at ");
    }

    [Fact]
    public void A_cancelled_command_reports_it() =>
        ProgramHost.Run(null, null, (_, _) => throw new OperationCanceledException()).ShouldBe((int)ExitCode.Cancelled);

    [Theory]
    [InlineData(new string[] { "--nosuch" }, ExitCode.Usage)]
    [InlineData(new[] { "fails" }, ExitCode.Busy)]
    [InlineData(new[] { "works" }, ExitCode.Success)]
    [InlineData(new[] { "--help" }, ExitCode.Success)]
    public void The_command_line_returns_the_exit_code_of_the_command(string[] args, ExitCode expected)
    {
        var fails = new Command("fails");
        fails.SetAction((Func<ParseResult, int>)(_ => throw new BusyException("held")));
        var works = new Command("works");
        works.SetAction(_ => (int)ExitCode.Success);
        CommandLineProgram.Run(new RootCommand { fails, works }, args).ShouldBe((int)expected);
    }

    private IEnumerable<string> Errors() =>
        File.ReadAllLines(_log).Where(line => line.Contains("\"Level\":\"Error\"", StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_log)!, recursive: true);
}
