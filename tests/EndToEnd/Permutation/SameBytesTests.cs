using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Permutation;

/// <summary>
/// Results of permutation tests have the same bits however elements and shuffles are divided, after kills, and when a run is extended.
/// </summary>
public sealed class SameBytesTests(SameBytesTests.Baseline baseline) : IClassFixture<SameBytesTests.Baseline>
{
    private const int Shuffles = 1_100; // five cells of the grid, the last one not full

    [Fact]
    public void Jobs_threads_and_memory_of_a_batch_do_not_matter()
    {
        Run("parts", "--workers", "2", "--threads", "2", "--jobs", "5", "--batch-memory", "2M");
        baseline.Study.ShouldBeTheSame("parts", "baseline");
    }

    [Fact]
    public void Killed_in_the_enhanced_stage_a_run_is_continued()
    {
        var study = baseline.Study;
        EnhancedStage.Interrupt(
            study.Command("run", "killed", Shuffles, "--workers", "2", "--threads", "1", "--jobs", "5", "--batch-memory", "2M"),
            study.RunFolder("killed", Shuffles),
            NativeSignal.Kill
        );
        File.Exists(study.Combine("killed.h5")).ShouldBeFalse();
        HpcFitProgram.Run("resume", study.RunFolder("killed", Shuffles)).ShouldSucceed();
        study.ShouldBeTheSame("killed", "baseline");
    }

    [Fact]
    public void A_run_with_fewer_shuffles_is_the_beginning_of_one_with_more()
    {
        var study = baseline.Study;
        HpcFitProgram.Run(study.Command("run", "extended", 300, "--workers", "1")).ShouldSucceed();
        Run("extended", "--overwrite").Output.ShouldContain("300 already have results");
        study.ShouldBeTheSame("extended", "baseline");
    }

    [Fact]
    public void Enhancement_changes_neither_counts_nor_maxima_nor_p_values_of_the_statistics()
    {
        var study = baseline.Study;
        HpcFitProgram.Run(study.PlainCommand("run", "plain", Shuffles)).ShouldSucceed();
        study.ShouldHaveTheStatisticsOf("baseline", "plain");
    }

    private Finished Run(string name, params string[] more) =>
        HpcFitProgram.Run(baseline.Study.Command("run", name, Shuffles, more)).ShouldSucceed();

    public sealed class Baseline : IDisposable
    {
        public Baseline() =>
            HpcFitProgram
                .Run(Study.Command("run", "baseline", Shuffles, "--workers", "1", "--threads", "1", "--jobs", "1"))
                .ShouldSucceed();

        internal VoxelStudy Study { get; } = new(edge: 14, subjects: 30);

        public void Dispose() => Study.Dispose();
    }
}
