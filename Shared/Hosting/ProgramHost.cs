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
/// The host of every command of both programs: services, logging, signals, and the handler that turns failures into exit codes. It reads no
/// configuration files, no environment and uses no reflection, so that an array task starts quickly.
/// </summary>
public static class ProgramHost
{
    /// <summary>At a terminal, date and machine are known.</summary>
    private const string TerminalTemplate = "{Level:u3} {Message:lj}{NewLine}";

    /// <summary>Lines in a file: <c>2026-01-31T12:00:00+01:00 node7 INF …</c>.</summary>
    private const string FileTemplate = "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Host} {Level:u3} {Message:lj}{NewLine}";

    /// <summary>The same in a Slurm job, with the array task after the machine: <c>node7 1234_5</c>.</summary>
    private const string JobTemplate = "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Host} {Job} {Level:u3} {Message:lj}{NewLine}";

    /// <summary>
    /// Runs one command: builds its services, passes them to <paramref name="work"/> and returns the process's exit code.
    /// </summary>
    /// <param name="logFile">File to which log events are appended besides standard error, one JSON object per line; null: none until
    /// <see cref="LateLogFile.Open"/>.</param>
    /// <param name="services">Adds the command's own services; null: none. <see cref="StopSignals"/>, <see cref="LateLogFile"/> and loggers
    /// are always registered.</param>
    /// <param name="work">The command. Its token is cancelled by the first SIGINT, SIGTERM or SIGUSR1.</param>
    /// <param name="consoleLevel">The minimum level shown on standard error; the file contains everything from Debug upwards.</param>
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
            var exitCode = ExceptionBoundary.Report(() => work(host.Services, signals.Token), log, file);
            var compiled = JitInfo.GetCompiledMethodCount();
            HostingLog.Compiled(log, compiled);
            return exitCode;
        });
    }

    private static IHost Build(LateLogFile file, Action<IServiceCollection>? services, LogLevel consoleLevel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddSerilog(Logger(file, (LogEventLevel)consoleLevel), dispose: true);
        builder.Services.AddSingleton<StopSignals>(_ => new()).AddSingleton(file);
        services?.Invoke(builder.Services);
        // Never started: the host's own lifetime would handle the signals that StopSignals handles.
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
            // The reason of a failure is the command's result and is printed without a timestamp.
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
