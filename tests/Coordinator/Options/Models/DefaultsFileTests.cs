using HpcFit.Coordinator.Commands;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Options.Models;

public sealed class DefaultsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-defaults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IReadOnlyList<string> Expand(string json, params string[] args)
    {
        var path = Path.Combine(_folder, "config.json");
        File.WriteAllText(path, json);
        return new DefaultsFile(path).Expand(CoordinatorCommands.Create(new()), args);
    }

    [Fact]
    public void Values_are_added_to_commands_that_have_the_option() =>
        Expand("""{"partition": "long", "modules": ["R/4.3", "hdf5"], "threads": 4, "scratch": "/scratch/me"}""", "submit", "--model", "lm")
            .Skip(3)
            .ShouldBe(["--partition=long", "--module=R/4.3", "--module=hdf5", "--scratch=/scratch/me"]);

    [Theory]
    [InlineData("run", "--threads=2")]
    [InlineData("run", "--threads", "2")]
    [InlineData("resume", "RUN")] // continues with the settings of its run
    [InlineData("inspect", "FILE")]
    public void What_was_given_takes_precedence_and_other_commands_are_unchanged(params string[] args) =>
        Expand("""{"threads": 4}""", args).ShouldBe(args);

    [Theory]
    [InlineData("""{"targetTime": "30m"}""", "--jobs=4")]
    [InlineData("""{"scratch": "/s"}""", "--run-dir=/r")]
    public void Alternatives_to_what_was_given_are_not_added(string json, string given) =>
        Expand(json, "run", given).ShouldBe(["run", given]);

    [Theory]
    [InlineData("""{"formula": "FDC ~ Age"}""", "'formula'", "part of what a run computes", "--formula on the command line")]
    [InlineData("""{"num.subj.lthr.abs": 3}""", "cannot have a default", "digest")]
    [InlineData("""{"analysis": "x"}""", "it belongs to one command")]
    [InlineData("""{"partitoin": "x"}""", "'partitoin'", "Did you mean 'partition'")]
    [InlineData("""{"n_cores": 3}""", "Did you mean 'workers'")]
    [InlineData("""{"threads": "four"}""", "'threads'", "--threads is 'four'")]
    [InlineData("""{"threads": 4, "Threads": 5}""", "--threads more than once")]
    [InlineData("[]", "an object of options was expected")]
    public void Other_keys_and_wrong_values_are_refused_by_file_and_key(string json, params string[] parts)
    {
        var message = Should.Throw<BadInputException>(() => Expand(json, "run", "--model", "lm")).Message;
        foreach (var part in parts.Append(_folder))
            message.ShouldContain(part);
    }

    [Fact]
    public void Help_is_shown_whatever_the_file_contains() => Expand("{", "run", "--help").ShouldBe(["run", "--help"]);

    [Fact]
    public void Files_that_do_not_exist_are_no_error() =>
        new DefaultsFile(Path.Combine(_folder, "nowhere.json")).Expand(CoordinatorCommands.Create(new()), ["run"]).ShouldBe(["run"]);
}
