using System.Diagnostics;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Hosting;
using HpcFit.Shared.Runs;
using HpcFit.Worker.Models;
using Microsoft.Extensions.Logging;

namespace HpcFit.Worker.Pipeline;

/// <summary>Reports an attempt's progress in a small file, replaced at the start, every few seconds, and at the end.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly long _total;
    private readonly ReadCounters _counters;
    private readonly ILogger _log;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Timer _timer;
    private IReadOnlyList<UserCodeJournal> _userCode = [];
    private long _sequence;
    private long _done;
    private ExitCode? _ended;

    /// <summary>Writes the first report and starts the timer.</summary>
    /// <param name="path">The attempt's progress file.</param>
    /// <param name="total">Elements of the job.</param>
    /// <param name="counters">The cost of reading.</param>
    /// <param name="every">Time between reports.</param>
    /// <param name="log">Receives failures to write a report.</param>
    public Heartbeat(string path, long total, ReadCounters counters, TimeSpan every, ILogger log)
    {
        (_path, _total, _counters, _log) = (path, total, counters, log);
        Report();
        _timer = new(_ => Report(), null, every, every);
    }

    /// <summary>How often the job's elements are fitted, by different models of a batch: an element is done after the last time.</summary>
    public int Passes { get; set; } = 1;

    /// <summary>Elements published so far.</summary>
    public long ElementsDone => Interlocked.Read(ref _done) / Passes;

    /// <summary>Counts published elements. Any thread.</summary>
    public void Published(long elements) => Interlocked.Add(ref _done, elements);

    /// <summary>Includes the failures of user code in the reports.</summary>
    public void Watch(IReadOnlyList<UserCodeJournal> journals) => _userCode = journals;

    /// <summary>Writes the last report.</summary>
    public void End(ExitCode code)
    {
        _timer.Dispose();
        lock (_lock)
            _ended = code;
        Report();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Report()
    {
        lock (_lock)
        {
            try
            {
                JsonFile.Replace(_path, Now(), RunJson.Default.ProgressReport, durable: _ended is not null);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // For display only: whether the attempt succeeded is known from its results.
                FitLog.HeartbeatFailed(_log, _path, failure.Message);
            }
        }
    }

    private long? OfUserCode(Func<IReadOnlyList<UserCodeJournal>, long> sum) => _userCode.Count == 0 ? null : sum(_userCode);

    private ProgressReport Now()
    {
        using var process = Process.GetCurrentProcess();
        return new()
        {
            Sequence = ++_sequence,
            Host = Environment.MachineName,
            Pid = Environment.ProcessId,
            Process = ProcessIdentity.Self,
            ElementsDone = ElementsDone,
            ElementsTotal = _total,
            ElementsPerSecond = ElementsDone / Math.Max(1e-3, Stopwatch.GetElapsedTime(_started).TotalSeconds),
            ResidentBytes = process.WorkingSet64,
            PeakResidentBytes = process.PeakWorkingSet64,
            OomKills = MemoryKills.InControlGroup(),
            BytesRead = _counters.BytesRead,
            BytesInflated = _counters.BytesInflated,
            StripesRead = _counters.Stripes,
            UserCodeFailures = OfUserCode(journals => journals.Sum(journal => journal.Failures)),
            UserCodeMessages =
                _userCode.Count == 0 ? null : [.. _userCode.SelectMany(journal => journal.First).Take(UserCodeFailure.MaxKept)],
            UserCodeNaN = OfUserCode(journals => journals.Sum(journal => journal.NaNAnswers)),
            UserCodeFirstNaN = _userCode.Select(journal => journal.FirstNaN).OfType<UserCodeFailure>().MinBy(first => first.Element),
            Ended = _ended,
        };
    }
}
