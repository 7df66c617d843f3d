using HpcFit.Shared.Failures;
using HpcFit.Worker.Commands;

namespace HpcFit.Worker.Tests.Commands;

public class ArrayTaskTests
{
    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID")]
    [InlineData("PBS_ARRAY_INDEX")]
    [InlineData("SGE_TASK_ID")]
    [InlineData("LSB_JOBINDEX")]
    public void The_task_is_that_of_any_scheduler(string variable) =>
        ArrayTask.Find(name => name == variable ? "7" : null).ShouldBe((variable, 7));

    [Fact]
    public void Grid_engine_and_lsf_set_no_task_for_jobs_that_are_no_arrays()
    {
        ArrayTask
            .Find(name =>
                name == "SGE_TASK_ID" ? "undefined"
                : name == "PBS_ARRAY_INDEX" ? "3"
                : null
            )
            .Task.ShouldBe(3);
        ArrayTask
            .Find(name =>
                name == "LSB_JOBINDEX" ? "0"
                : name == "SLURM_ARRAY_TASK_ID" ? "0"
                : null
            )
            .Task.ShouldBe(0);
        Should
            .Throw<UsageException>(() => ArrayTask.Find(name => name == "SGE_TASK_ID" ? "undefined" : null))
            .Message.ShouldContain("$SGE_TASK_ID is 'undefined'");
    }

    [Fact]
    public void Two_schedulers_with_different_tasks_are_ambiguous() =>
        Should
            .Throw<UsageException>(() =>
                ArrayTask.Find(name =>
                    name == "SGE_TASK_ID" ? "1"
                    : name == "PBS_ARRAY_INDEX" ? "2"
                    : null
                )
            )
            .Message.ShouldContain("$PBS_ARRAY_INDEX is 2 and $SGE_TASK_ID is 1");
}
