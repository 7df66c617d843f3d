using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Coordinator.Launching.Schedulers;

namespace HpcFit.Coordinator.Tests.Launching.Schedulers;

public class SubmitWordsTests
{
    private const string Script = "/study one/run/job.sh";

    [Fact]
    public void An_array_of_grid_engine() =>
        Line(Words("sge", Site("sge")).Array(Array("sge", 4), 2, Script))
            .ShouldBe(
                "qsub -terse -N a0 -S /bin/bash -o /dev/null -j y -wd / -r y -t 1-4 -tc 2 -l h_rt=90 -l mem_free=500M -pe smp 2 -q long.q "
                    + "-P brain -p -5 '/study one/run/job.sh'"
            );

    [Fact]
    public void A_job_alone_is_no_array() => Words("sge").Array(Array("sge", 1), null, Script).ShouldNotContain("-t");

    [Fact]
    public void Jobs_that_wait_for_others_and_for_a_time()
    {
        Line(Words("sge").Advance("next", ["7", "8"], Script)).ShouldContain(" -hold_jid 7,8 -l h_rt=3600 ");
        Line(Words("sge").Advance("next", [], Script)).ShouldNotContain("-hold_jid");
        Line(Words("sge").Watch("watch", new(2026, 11, 29, 6, 5, 4), Script)!).ShouldContain(" -a 202611290605.04 ");
    }

    [Fact]
    public void Jobs_of_pbs()
    {
        Line(Words("pbspro").Array(Array("pbspro", 4), 2, Script))
            .ShouldBe(
                "qsub -N a0 -S /bin/bash -j oe -o /dev/null -r y -J 1-4 -W max_run_subjobs=2 -l walltime=90 -l select=1:ncpus=2:mem=500mb "
                    + "'/study one/run/job.sh'"
            );
        Words("pbspro").Advance("next", ["7[]", "8"], Script).ShouldContain("depend=afterany:7[]:8");
    }

    [Fact]
    public void Jobs_of_lsf()
    {
        Line(Words("lsf").Array(Array("lsf", 4), 2, Script))
            .ShouldBe(
                "bsub -o /dev/null -cwd / -r -J 'a0[1-4]%2' -W 2 -R 'rusage[mem=500MB]' -M 500MB -n 2 -R 'span[hosts=1]' "
                    + "'bash '\\''/study one/run/job.sh'\\'''"
            );
        Line(Words("lsf").Advance("next", ["7", "8"], Script)).ShouldContain(" -J next -w 'ended(7) && ended(8)' ");
    }

    private static SubmitWords Words(string name, SchedulerSettings? settings = null) => new(settings ?? Descriptions.Settings(name));

    private static SchedulerSettings Site(string name) =>
        Descriptions.Settings(name) with
        {
            Partition = "long.q",
            Account = "brain",
            SubmitOptions = ["-p", "-5"],
        };

    private static SubmittedArray Array(string name, int count) => new(new("a0", count > 1), 0, count, Descriptions.Settings(name).Job);

    private static string Line(IReadOnlyList<string> words) => ShellQuoting.Line(words);
}
