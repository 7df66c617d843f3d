using System.CommandLine;
using HpcFit.Coordinator.Options.Runs;
using HpcFit.Coordinator.Planning;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Options.Runs;

public class PartitionOptionsTests
{
    [Fact]
    public void By_default_the_workers_share_all_cores()
    {
        Read().ShouldBe(new Partition { Workers = 1, Threads = Environment.ProcessorCount });
        Read("--workers", "2").Threads.ShouldBe(Math.Max(1, Environment.ProcessorCount / 2));
        Read("--workers", "4096").Threads.ShouldBe(1);
        Read("--workers", "2", "--threads", "7").Threads.ShouldBe(7);
    }

    [Theory]
    [InlineData("45s", 45)]
    [InlineData("30m", 1800)]
    [InlineData("1.5h", 5400)]
    [InlineData("2d", 172800)]
    public void A_target_time_has_a_unit(string text, double seconds) =>
        Read("--target-time", text).TargetTime.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("30")]
    [InlineData("-3m")]
    [InlineData("0s")]
    [InlineData("1e9d")]
    [InlineData("soon")]
    public void Other_formats_are_refused_with_an_example(string text) =>
        Command(out _).Parse(["--target-time", text]).Errors.ShouldHaveSingleItem().Message.ShouldContain("30m");

    [Fact]
    public void Contradictory_options_are_both_reported() =>
        Should.Throw<UsageException>(() => Read("--jobs", "3", "--target-time", "30m")).Message.ShouldStartWith("--jobs and --target-time");

    [Fact]
    public void Counts_below_one_are_refused_together()
    {
        var command = Command(out _);
        command
            .Parse(["--workers", "0", "--jobs", "0"])
            .Errors.Select(error => error.Message)
            .ShouldBe([
                "--workers is '0'; a whole number from 1 to 4096 was expected.",
                "--jobs is '0'; a whole number of 1 or more was expected.",
            ]);
    }

    private static Partition Read(params string[] line) =>
        Command(out var options).Parse(line) is var parsed ? options.Read(parsed) : null!;

    private static Command Command(out PartitionOptions options)
    {
        options = new();
        var command = new Command("run");
        options.AddTo(command);
        return command;
    }
}
