using System.Diagnostics;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace HpcFit.Coordinator.Monitoring.Progress;

/// <summary>
/// Shows the progress of a round while its workers run: a bar on a terminal, a line every ten seconds elsewhere. Ends with
/// <see cref="DisposeAsync"/>.
/// </summary>
internal sealed partial class RoundProgress : IAsyncDisposable
{
    private const int MaxBarWidth = 40;
    private const int MaxDescriptionWidth = 70;
    private const int MinWidthWithBar = MaxDescriptionWidth + 10;
    private const int PercentageWidth = 8;

    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BarEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _ended = new();
    private readonly RoundHeartbeats _heartbeats;
    private readonly ProgressEstimate _estimate;
    private readonly long _before;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly ILogger _log;
    private readonly string _unit;
    private readonly Task _showing;

    private RoundProgress(RunDirectory run, RoundId round, long before, ILogger log)
    {
        (_before, _log) = (before, log);
        _unit = run.UnitName;
        _heartbeats = new(run, round);
        _estimate = new(run.Document.ElementSet().Count);
        _estimate.Add(TimeSpan.Zero, before);
        _showing = Task.Run(IsTerminal ? ShowBarAsync : ShowLinesAsync);
    }

    private static bool IsTerminal =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>Starts to show a round.</summary>
    /// <param name="run">The run.</param>
    /// <param name="round">The round.</param>
    /// <param name="before">Elements that had results before it.</param>
    /// <param name="log">Receives the lines when there is no terminal.</param>
    public static RoundProgress Show(RunDirectory run, RoundId round, long before, ILogger log) => new(run, round, before, log);

    /// <inheritdoc/>
    public override string ToString() => $"{100 * _estimate.Part:F1}%, {CountText.Format(_estimate.Done, _unit)}{Pace}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _showing.ConfigureAwait(false);
        _ended.Dispose();
    }

    /// <summary>The columns that fit into a line: a narrow terminal has no bar, since a wrapped line cannot be overwritten.</summary>
    private static ProgressColumn[] Columns(int width)
    {
        var description = new TaskDescriptionColumn { Alignment = Justify.Left };
        return width < MinWidthWithBar
            ? [new PercentageColumn(), description]
            : [new ProgressBarColumn { Width = Math.Min(MaxBarWidth, width - MaxDescriptionWidth) }, new PercentageColumn(), description];
    }

    private async Task ShowLinesAsync()
    {
        while (await WaitAsync(LineEvery).ConfigureAwait(false))
        {
            Refresh();
            Line(_log, this);
        }
    }

    private async Task ShowBarAsync()
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        using var above = new LiveDisplayWriter(console);
        await console
            .Progress()
            .AutoClear(true)
            .Columns(Columns(console.Profile.Width))
            .StartAsync(async screen =>
            {
                var bar = screen.AddTask("starting", maxValue: 1);
                do
                {
                    Refresh();
                    bar.Value = _estimate.Part;
                    bar.Description = Markup.Escape(Describe(console.Profile.Width));
                } while (await WaitAsync(BarEvery).ConfigureAwait(false));
            })
            .ConfigureAwait(false);
    }

    /// <summary>Count, rate and time left; on a narrow terminal only the time left.</summary>
    private string Describe(int width)
    {
        var (all, left) = (
            CountText.Format(_estimate.Done, _unit) + Pace,
            _estimate.Left is { } time ? $"{PlanReport.Text(time)} left" : ""
        );
        return all.Length + PercentageWidth <= (width < MinWidthWithBar ? width : MaxDescriptionWidth) ? all : left;
    }

    /// <summary>Rate and time left; empty while they are unknown.</summary>
    private string Pace =>
        _estimate.Left is { } left ? $", {ProgressEstimate.Rate(_estimate.ElementsPerSecond)}, {PlanReport.Text(left)} left" : "";

    private void Refresh()
    {
        _heartbeats.Refresh();
        _estimate.Add(Stopwatch.GetElapsedTime(_started), _before + _heartbeats.ElementsDone);
    }

    /// <summary>Waits; false when the round has ended meanwhile.</summary>
    private async Task<bool> WaitAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _ended.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "{Progress}")]
    private static partial void Line(ILogger log, RoundProgress progress);
}
