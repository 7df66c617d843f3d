using HpcFit.Coordinator.Launching.Schedulers;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Launching.Schedulers;

public sealed class DescriptionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-scheduler-").FullName;

    [Theory]
    [InlineData("sge")]
    [InlineData("pbspro")]
    [InlineData("lsf")]
    public void The_descriptions_of_the_program_can_be_used(string name) => Descriptions.Read(name).Name.ShouldBe(name);

    [Fact]
    public void The_built_in_description_is_that_of_the_file()
    {
        var (own, file) = (DescriptionFile.OfGridEngine(), Descriptions.Read("sge"));
        own.Queue.Job.ShouldBe(file.Queue.Job);
        own.Limits.ArrayTasks.ShouldBe(75_000);
        own.Environment.ShouldContain("SGE_ROOT");
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format is 2")]
    [InlineData("\"name\": \"sge\"", "\"name\": \"my cluster\"", "name is 'my cluster'")]
    [InlineData("\"name\": \"sge\"", "\"name\": \"slurm\"", "name is 'slurm'")]
    [InlineData("h_rt={seconds}", "h_rt={second}", "submit.time holds the placeholder '{second}'. Did you mean 'seconds'")]
    [InlineData("{first}-{last}", "1-10", "submit.array has no {last}")]
    [InlineData("^(?<id>[0-9]+)\"", "^(?<id>[0-9]+\"", "submit.id is '^(?<id>[0-9]+', which is no regular expression")]
    [InlineData("^(?<id>[0-9]+)\"", "^([0-9]+)\"", "submit.id has no group (?<id>…)")]
    [InlineData("\"-N\", \"{name}\",", "", "submit.command has no {name}")]
    [InlineData("\"qdel\", \"{id}\"]", "\"qdel\"]", "cancel has no {id}")]
    [InlineData("\"killed\"", "\"finished\"", "success is proved by results")]
    [InlineData("\"timeLimit\"", "\"timelimt\"", "'endings.meanings[0].ending' has a value of the wrong kind")]
    [InlineData("\"throttle\"", "\"throtle\"", "the key 'throtle' is unknown")]
    [InlineData("\"cancel\": [\"qdel\", \"{id}\"],", "", "'cancel' is missing")]
    [InlineData("\"arrayTasks\": 75000", "\"arrayTasks\": 0", "limits.arrayTasks is 0")]
    public void A_mistake_is_refused_by_the_name_of_its_key(string old, string changed, string message)
    {
        var text = File.ReadAllText(Descriptions.PathOf("sge"));
        text.ShouldContain(old);
        var path = Path.Combine(_folder, "site.json");
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));
        var refusal = Should.Throw<BadInputException>(() => DescriptionFile.Read(path));
        refusal.Message.ShouldContain(message);
        refusal.Message.ShouldContain("site.json");
    }

    [Fact]
    public void What_a_description_omits_has_a_default()
    {
        var path = Path.Combine(_folder, "site.json");
        var text = File.ReadAllText(Descriptions.PathOf("sge"));
        File.WriteAllText(path, text.Replace("\"limits\": { \"arrayTasks\": 75000 },", "", StringComparison.Ordinal));
        DescriptionFile.Read(path).Limits.ArrayTasks.ShouldBe(1000);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
