using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests;

/// <summary>A pipe without a writer blocks whoever opens it for reading: as any input it is refused at once.</summary>
public sealed class PipeInputTests(PipeInputTests.Inputs inputs) : IClassFixture<PipeInputTests.Inputs>
{
    private const int BadInput = 3;

    [Theory]
    [InlineData("run --model lm --data PIPE --phenotypes COHORT --formula FD~Age --analysis a")]
    [InlineData("run --model lm --data PIPE --phenotypes COHORT --formula FD~Age --analysis a --output OUTPUT")]
    [InlineData("run --model lm --data DATA --phenotypes PIPE --formula FD~Age --analysis a")]
    [InlineData("run --spec PIPE")]
    [InlineData("run --model custom --data DATA --phenotypes COHORT --scalar FD --function PIPE.R --analysis a")]
    [InlineData("plan --model lm --data PIPE --phenotypes COHORT --formula FD~Age --analysis a")]
    [InlineData("element --model lm --data PIPE --phenotypes COHORT --formula FD~Age --id 1")]
    [InlineData("inspect PIPE")]
    [InlineData("export-table PIPE a")]
    [InlineData("recover PIPE")]
    [InlineData("rechunk PIPE OUTPUT")]
    [InlineData("convert --cohort PIPE --output OUTPUT")]
    public void A_pipe_as_input_is_refused(string command)
    {
        var words = command.Split(' ').Select(inputs.Replace).ToArray();
        HpcFitProgram.Run(words).ShouldEndWith(BadInput).ShouldSay(inputs.Pipe, "pipe (FIFO)");
        File.Exists(inputs.Output).ShouldBeFalse();
    }

    public sealed class Inputs : IDisposable
    {
        private readonly Study _study = new(elements: 60, subjects: 20);

        public Inputs()
        {
            using var maker = Running.Start("mkfifo", [Pipe, Pipe + ".R"]);
            maker.Wait().ShouldSucceed();
        }

        public string Pipe => _study.Combine("pipe.h5");

        public string Output => _study.Combine("output.h5");

        public string Replace(string word) =>
            word switch
            {
                "PIPE" => Pipe,
                "PIPE.R" => Pipe + ".R",
                "DATA" => _study.Data,
                "COHORT" => _study.Cohort,
                "OUTPUT" => Output,
                _ => word,
            };

        public void Dispose() => _study.Dispose();
    }
}
