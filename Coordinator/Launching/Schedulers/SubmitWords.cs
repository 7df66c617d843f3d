using System.Globalization;
using HpcFit.Coordinator.Launching.Batch;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>The command lines that submit a run's jobs.</summary>
/// <param name="settings">How the run uses the scheduler.</param>
internal sealed class SubmitWords(SchedulerSettings settings)
{
    private const long BytesPerMegabyte = 1L << 20;

    private readonly SubmitCommand _submit = settings.Scheduler.Submit;

    /// <summary>Submits an array, or a job alone.</summary>
    /// <param name="array">The array.</param>
    /// <param name="throttle">The maximum number of running tasks; null: no limit.</param>
    /// <param name="script">The script.</param>
    public IReadOnlyList<string> Array(SubmittedArray array, int? throttle, string script)
    {
        var (limit, name) = (throttle is { } tasks ? Text(tasks) : null, array.Submitted.Name);
        IEnumerable<string> kind =
            !array.Submitted.IsArray ? _submit.Single
            : limit is null ? _submit.Array
            : _submit.ThrottledArray ?? [.. _submit.Array, .. _submit.Throttle ?? []];
        (string, string)[] values = [("name", name), ("first", "1"), ("last", Text(array.Count)), ("throttle", limit ?? "")];
        return Line(name, script, array.Request, Words.Fill(kind, values));
    }

    /// <summary>Submits the job that runs when <paramref name="jobs"/> have ended, in whatever way.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="jobs">The ids of the jobs, as commands name them; none: it runs at once.</param>
    /// <param name="script">The script.</param>
    public IReadOnlyList<string> Advance(string name, IReadOnlyList<string> jobs, string script)
    {
        var list = string.Join(_submit.After.Separator, jobs.Select(id => Words.Fill(_submit.After.Job, ("id", id))));
        var after = jobs.Count == 0 ? [] : Words.Fill(_submit.After.Words, ("jobs", list));
        return Line(name, script, settings.Advance, [.. Words.Fill(_submit.Single, ("name", name)), .. after]);
    }

    /// <summary>Submits the job that checks on the run at a time; null: the scheduler has no start times.</summary>
    public IReadOnlyList<string>? Watch(string name, DateTime at, string script) =>
        _submit.At is { } start
            ? Line(
                name,
                script,
                settings.Advance,
                [
                    .. Words.Fill(_submit.Single, ("name", name)),
                    .. Words.Fill(start.Words, ("time", at.ToString(start.Time, CultureInfo.InvariantCulture))),
                ]
            )
            : null;

    /// <summary>The words that request what each job gets, without its name and script.</summary>
    public IEnumerable<string> Request(JobResources request)
    {
        var seconds = request.Time is { } time ? (long)Math.Ceiling(time.TotalSeconds) : 0;
        (string, string)[] values =
        [
            ("seconds", Text(seconds)),
            ("minutes", Text((seconds + 59) / 60)),
            ("megabytes", Text(((request.MemoryBytes ?? 0) + BytesPerMegabyte - 1) / BytesPerMegabyte)),
            ("threads", Text(request.Threads ?? 1)),
        ];
        return Words.Fill(
            [
                .. request.Time is null ? [] : _submit.Time,
                .. request.MemoryBytes is null ? [] : _submit.Memory,
                .. request.MemoryBytes is null ? [] : _submit.Resources,
                .. request.Threads is > 1 ? _submit.Threads : [],
            ],
            values
        );
    }

    /// <summary>Where jobs run, and the user's further options.</summary>
    public IEnumerable<string> Placement() =>
        [
            .. Fill(_submit.Partition, settings.Partition),
            .. Fill(_submit.Account, settings.Account),
            .. Fill(_submit.Qos, settings.Qos),
            .. settings.SubmitOptions,
        ];

    private static IEnumerable<string> Fill(IReadOnlyList<string>? words, string? value) =>
        words is null || value is null ? [] : Words.Fill(words, ("value", value));

    private IReadOnlyList<string> Line(string name, string script, JobResources request, IEnumerable<string> own)
    {
        (string, string)[] values = [("name", name), ("script", script), ("quotedScript", ShellQuoting.Quote(script))];
        return [.. Words.Fill(_submit.Command, values), .. own, .. Request(request), .. Placement(), .. Words.Fill(_submit.Script, values)];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
