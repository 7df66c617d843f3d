using HpcFit.Shared.Failures;
using HpcFit.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HpcFit.Shared.Tests.Hosting;

public sealed partial class LogOriginTests : IDisposable
{
    private readonly string _log = Path.Combine(Directory.CreateTempSubdirectory("hpcfit-origin-").FullName, "log.jsonl");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_log)!, recursive: true);

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("1234", null, null, "1234")]
    [InlineData("1239", "1234", "5", "1234_5")]
    [InlineData("1239", "1234", "", "1239")]
    public void A_job_is_named_as_squeue_shows_it(string? job, string? array, string? task, string? expected) =>
        LogOrigin
            .Job(name =>
                name switch
                {
                    "SLURM_JOB_ID" => job,
                    "SLURM_ARRAY_JOB_ID" => array,
                    "SLURM_ARRAY_TASK_ID" => task,
                    _ => null,
                }
            )
            .ShouldBe(expected);

    [Fact]
    public void Every_line_of_a_log_names_its_machine_and_its_date()
    {
        ProgramHost.Run(
            _log,
            null,
            (services, _) =>
            {
                var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("x");
                Told(log);
                return ExitCode.Success;
            }
        );
        File.ReadAllLines(_log)
            .ShouldAllBe(line =>
                line.Contains($"\"Host\":\"{Environment.MachineName}\"", StringComparison.Ordinal)
                && line.Contains("\"Timestamp\":\"20", StringComparison.Ordinal)
            );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "told")]
    private static partial void Told(ILogger log);
}
