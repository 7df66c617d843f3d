using System.Globalization;
using System.Runtime;
using HpcFit.Shared.Failures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace HpcFit.Shared.Hosting;

/// <summary>
/// What every command of both programs stands on: services, logging, signals, and the rim that turns failures into exit codes. Nothing is
/// read from configuration files or the environment, and nothing is looked up by reflection, so that an array task starts quickly.
/// </summary>
public static class ProgramHost
{
    /// <summary>A person at a terminal knows date and machine.</summary>
    private const string TerminalTemplate = "{Level:u3} {Message:lj}{NewLine}";

    /// <summary>Lines that are kept: <c>2026-01-31T12:00:00+01:00 node7 INF …</c>.</summary>
    private const string FileTemplate = "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Host} {Level:u3} {Message:lj}{NewLine}";

    /// <summary>The same in a Slurm job, whose array task stands behind the machine: <c>node7 1234_5</c>.</summary>
    private const string JobTemplate = "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Host} {Job} {Level:u3} {Message:lj}{NewLine}";

    /// <summary>
    /// Runs one command: builds its services, hands them to <paramref name="work"/> and answers with the process's exit code.
    /// </summary>
    /// <param name="logFile">Where log events go besides standard error, one JSON object a line, appended; null: nowhere until
    /// <see cref="LateLogFile.Open"/>.</param>
    /// <param name="services">Adds the command's own services; null: none. <see cref="StopSignals"/>, <see cref="LateLogFile"/> and loggers
    /// are there already.</param>
    /// <param name="work">The command. Its token is cancelled by the first SIGINT, SIGTERM or SIGUSR1.</param>
    /// <param name="consoleLevel">The least level shown on standard error; the file gets everything from Debug on.</param>
    public static int Run(
        string? logFile,
        Action<IServiceCollection>? services,
        Func<IServiceProvider, CancellationToken, ExitCode> work,
        LogLevel consoleLevel = LogLevel.Information
    )
    {
        ArgumentNullException.ThrowIfNull(work);
        return ExceptionBoundary.Guard(() =>
        {
            using var file = new LateLogFile();
            if (logFile is not null)
                file.Open(logFile);
            using var host = Build(file, services, consoleLevel);
            var signals = host.Services.GetRequiredService<StopSignals>();
            var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(HpcFit));
            var answer = ExceptionBoundary.Report(() => work(host.Services, signals.Token), log, file);
            var compiled = JitInfo.GetCompiledMethodCount();
            HostingLog.Compiled(log, compiled);
            return answer;
        });
    }

    private static IHost Build(LateLogFile file, Action<IServiceCollection>? services, LogLevel consoleLevel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddSerilog(Logger(file, (LogEventLevel)consoleLevel), dispose: true);
        builder.Services.AddSingleton<StopSignals>(_ => new()).AddSingleton(file);
        services?.Invoke(builder.Services);
        // Never started: the host's own lifetime would take the signals that StopSignals owns.
        return builder.Build();
    }

    private static Logger Logger(LateLogFile file, LogEventLevel consoleLevel)
    {
        var (origin, isJob) = (new LogOrigin(), LogOrigin.Job(Environment.GetEnvironmentVariable) is not null);
        var lines =
            !Console.IsErrorRedirected ? TerminalTemplate
            : isJob ? JobTemplate
            : FileTemplate;
        return new LoggerConfiguration()
            .MinimumLevel.Debug()
            .Enrich.With(origin)
            .WriteTo.Sink(file)
            .WriteTo.Conditional(line => isJob || !IsEnd(line), console => ToConsole(console, lines, consoleLevel))
            // Why a command failed is its answer, which stands alone.
            .WriteTo.Conditional(line => !isJob && IsEnd(line), console => ToConsole(console, TerminalTemplate, consoleLevel))
            .CreateLogger();
    }

    private static bool IsEnd(LogEvent line) =>
        line.Level == LogEventLevel.Error
        && line.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source)
        && source is ScalarValue { Value: nameof(HpcFit) };

    private static void ToConsole(LoggerSinkConfiguration console, string template, LogEventLevel level) =>
        console.Console(
            restrictedToMinimumLevel: level,
            outputTemplate: template,
            formatProvider: CultureInfo.InvariantCulture,
            standardErrorFromLevel: LogEventLevel.Verbose,
            theme: ConsoleTheme.None
        );
}
