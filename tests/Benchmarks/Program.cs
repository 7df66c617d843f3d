using System.CommandLine;
using System.Globalization;
using HpcFit.Benchmarks;
using HpcFit.Benchmarks.Measuring;
using HpcFit.Benchmarks.Scale;

if (args is [SyntheticRun.Verb, var synthetic, var size, var jobs])
    return SyntheticRun.Execute(synthetic, long.Parse(size, CultureInfo.InvariantCulture), int.Parse(jobs, CultureInfo.InvariantCulture));
if (args is [Runner.Verb, var figures, var program, .. var rest])
    return Runner.Between(figures, program, rest);

var root = new Option<string>("--root") { Description = "The repository.", DefaultValueFactory = _ => Environment.CurrentDirectory };
var quick = new Option<bool>("--quick") { Description = "Small data and two rounds: a minute or two." };
var elements = new Option<long?>("--elements") { Description = "Elements of the main study. Default: 600000, quick 60000." };
var subjects = new Option<int>("--subjects") { Description = "Subjects of the main study.", DefaultValueFactory = _ => 1000 };
var rounds = new Option<int?>("--rounds") { Description = "Rounds. Default: 5, quick 2." };
var threads = new Option<int>("--threads")
{
    Description = "Threads and processes.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var folder = new Option<string?>("--folder") { Description = "Where the data are kept. Default: .build/bench." };
var page = new Option<string?>("--page") { Description = "The page to write. Default: docs/benchmarks.md." };
var only = new Option<string[]>("--only")
{
    Description = $"Sections: {string.Join(", ", Bench.SectionNames)}. Default: all.",
    AllowMultipleArgumentsPerToken = true,
};
var command = new RootCommand(
    "Measures HpcFit against the machine's limit and against other programs for the same work, and rewrites docs/benchmarks.md."
)
{
    root,
    quick,
    elements,
    subjects,
    rounds,
    threads,
    folder,
    page,
    only,
};
command.SetAction(line =>
{
    var isQuick = line.GetValue(quick);
    var repository = Path.GetFullPath(line.GetValue(root)!);
    new Bench(
        new BenchOptions
        {
            Root = repository,
            Folder = line.GetValue(folder) ?? Path.Combine(repository, ".build", "bench"),
            Page = line.GetValue(page) ?? Path.Combine(repository, "docs", "benchmarks.md"),
            Quick = isQuick,
            Rounds = line.GetValue(rounds) ?? (isQuick ? 2 : 5),
            Elements = line.GetValue(elements) ?? (isQuick ? 60_000 : 600_000),
            Subjects = line.GetValue(subjects),
            Threads = line.GetValue(threads),
            Only = line.GetValue(only) ?? [],
        }
    ).Run();
    return 0;
});
return command.Parse(args).Invoke();
