using System.Diagnostics;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Slurm.Cluster;
using HpcFit.Coordinator.Launching.Slurm.Scripts;
using HpcFit.Coordinator.Launching.Slurm.Submission;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Launching.Slurm.Scripts;

public sealed class BatchScriptTests : IDisposable
{
    private const string Hostile = "it's \"here\" $(touch hit) `touch hit` \\ %a {{run}}\nand a second line; touch hit #";

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-script-").FullName;

    private static SlurmSettings Settings =>
        new()
        {
            Job = new()
            {
                MemoryBytes = 500 << 20,
                Time = TimeSpan.FromMinutes(30),
                Threads = 2,
            },
            Advance = new()
            {
                MemoryBytes = 1 << 30,
                Time = TimeSpan.FromMinutes(60),
                Threads = 1,
            },
            Coordinator = "/shared/hpcfit/hpcfit",
            Worker = "/shared/hpcfit/hpcfit-worker",
            Environment = new SortedDictionary<string, string>
            {
                ["LD_LIBRARY_PATH"] = "/apps/hdf5/lib",
                ["PATH"] = "/apps/bin:/usr/bin:/bin",
            },
        };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Refresh with: HPCFIT_REFRESH_GOLDEN=1 dotnet test tests/Coordinator --filter BatchScriptTests.</summary>
    [Fact]
    public void The_scripts_are_those_that_were_looked_at()
    {
        ShouldBeGolden("job.sbatch", BatchScripts.Job("/project/study one/run", new(3), Settings));
        ShouldBeGolden("advance.sbatch", BatchScripts.Advance("/project/study one/run", Settings));
    }

    [Fact]
    public void Whatever_paths_and_variables_hold_the_worker_gets_them_as_they_are()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_folder, Hostile.Replace('/', '_'))).FullName;
        var worker = Path.Combine(tools, "hpcfit-worker");
        var text = Path.Combine(_folder, "worker.sh");
        File.WriteAllText(text, "#!/bin/sh\nprintf '%s\\0' \"$@\" \"$HPCFIT_TEST\"\n");
        // Written by another process: a program that this one had open for writing is busy while a parallel test starts a process.
        using (var install = Process.Start("install", ["-m", "755", text, worker]))
            install.WaitForExit();
        var script = Path.Combine(_folder, "job.sbatch");
        File.WriteAllText(
            script,
            BatchScripts.Job(
                Hostile,
                new(3),
                Settings with
                {
                    Worker = worker,
                    Environment = new Dictionary<string, string> { ["HPCFIT_TEST"] = Hostile },
                }
            )
        );

        using var bash = Process.Start(
            new ProcessStartInfo("bash", [script, "40", "2"]) { RedirectStandardOutput = true, WorkingDirectory = _folder }
        )!;
        bash.StandardOutput.ReadToEnd()
            .Split('\0')
            .ShouldBe(["fit", "--run", Hostile, "--round", "3", "--first-job", "40", "--threads", "2", Hostile, ""]);
        File.Exists(Path.Combine(_folder, "hit")).ShouldBeFalse();
    }

    [Fact]
    public void The_time_limit_for_metadata_reaches_the_worker_or_is_refused_with_a_copy_that_lacks_its_place()
    {
        var settings = Settings with { MetadataTimeout = TimeSpan.FromMinutes(2.5) };
        BatchScripts.Job("/run", new(3), settings).TrimEnd().ShouldEndWith("--first-job \"$1\" --threads \"$2\" --metadata-timeout 150");

        var copy = Path.Combine(_folder, "site.sbatch");
        File.WriteAllText(copy, "{{environment}}exec {{worker}} fit --run {{run}} --round {{round}} --first-job $1 --threads $2\n");
        Should
            .Throw<BadInputException>(() => BatchScripts.Job("/run", new(3), settings with { Template = copy }))
            .Message.ShouldContain("{{options}}");
    }

    [Fact]
    public void A_sites_copy_is_used_and_its_mistakes_are_named()
    {
        var copy = Path.Combine(_folder, "site.sbatch");
        File.WriteAllText(
            copy,
            "module load hdf5\n{{environment}}exec {{worker}} fit --run {{run}} --round {{round}} --first-job $1 --threads $2\n"
        );
        BatchScripts
            .Job("/run", new(1), Settings with { Template = copy })
            .ShouldStartWith("module load hdf5\nexport LD_LIBRARY_PATH='/apps/hdf5/lib'\"${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\"\n");

        File.AppendAllText(copy, "{{rounds}}");
        Should
            .Throw<BadInputException>(() => BatchScripts.Job("/run", new(1), Settings with { Template = copy }))
            .Message.ShouldContain("Did you mean 'round'");
        File.WriteAllText(copy, "exec {{worker}} fit");
        Should
            .Throw<BadInputException>(() => BatchScripts.Job("/run", new(1), Settings with { Template = copy }))
            .Message.ShouldContain("{{environment}}");
    }

    [Fact]
    public void What_follows_the_tasks_runs_in_the_environment_of_the_sites_template_too()
    {
        var copy = Path.Combine(_folder, "site.sbatch");
        File.WriteAllText(
            copy,
            "#!/bin/bash\n#SBATCH --comment=lab\nmodule load hdf5\n{{environment}}\necho round {{round}}\nsrun {{worker}} fit --run "
                + "{{run}} \\\n  --round {{round}} --first-job $1\necho done\n"
        );
        BatchScripts
            .Advance(
                "/run",
                Settings with
                {
                    Template = copy,
                    Environment = new Dictionary<string, string> { ["HDF5_DIR"] = "/m" },
                }
            )
            .ShouldBe(
                "#!/bin/bash\n#SBATCH --comment=lab\nmodule load hdf5\nexport HDF5_DIR='/m'\n\nsrun '/shared/hpcfit/hpcfit' advance "
                    + "'/run'\necho done\n"
            );
    }

    [Theory]
    [InlineData("HDF5_DIR")]
    [InlineData("HDF5_ROOT")]
    [InlineData("EBROOTHDF5")]
    [InlineData("HDF5_HOME")]
    [InlineData("CONDA_PREFIX")]
    [InlineData("HPCFIT_HDF5_LIBRARY")]
    public void What_finds_the_library_where_the_run_is_submitted_finds_it_in_jobs(string name) =>
        CarriedEnvironment.Collect(new System.Collections.Hashtable { [name] = "/m", ["SLURM_JOB_ID"] = "7" }).Keys.ShouldBe([name]);

    [Fact]
    public void Folders_that_a_module_added_before_are_kept()
    {
        var carried = CarriedEnvironment.Exports(new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["R_LIBS"] = "/r" });
        var script = $"export PATH=/module/bin\n{carried}echo $PATH $R_LIBS";
        using var bash = Process.Start(
            new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true, Environment = { ["R_LIBS"] = null } }
        )!;
        bash.StandardOutput.ReadToEnd().ShouldBe("/usr/bin:/bin:/module/bin /r\n");
    }

    [Fact]
    public void Command_lines_can_be_pasted_into_a_shell() =>
        SbatchArguments
            .Line(["--array=0-9%3", "--output=/a b/%A_%a.out", "it's"])
            .ShouldBe("""sbatch --array=0-9%3 '--output=/a b/%A_%a.out' 'it'\''s'""");

    private static void ShouldBeGolden(string name, string text)
    {
        var golden = Path.Combine(SourceFolder(), "golden", name);
        if (Environment.GetEnvironmentVariable("HPCFIT_REFRESH_GOLDEN") == "1")
            File.WriteAllText(golden, text);
        text.ShouldBe(File.ReadAllText(golden), $"'{golden}' is not what deploy/slurm/{name} gives now");
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
