using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Reporting.Figures;
using HpcFit.Coordinator.Reporting.Markup;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Reporting;

/// <summary>Where the time of a run went, from its directory, if that still exists.</summary>
/// <param name="folder">The run directory that the results record; null: none.</param>
internal sealed class RunSection(string? folder)
{
    private const int MaxBars = 60;

    /// <summary>Fewer attempts leave room: their ticks are then whole numbers, and their bars no wider.</summary>
    private const int MinBars = 5;

    /// <summary>Writes the section; nothing if the directory is gone or has no reports of attempts.</summary>
    public void Write(HtmlWriter html)
    {
        var attempts = Attempts();
        if (attempts.Count == 0)
            return;
        html.Element("h3", "Where the time went");
        var first = attempts.Min(attempt => attempt.Start);
        var end = attempts.Max(attempt => attempt.End);
        var shown = attempts.OrderBy(attempt => attempt.Start).Take(MaxBars).ToList();
        using (html.Begin("div", ("class", "figures")))
            Plot.Write(
                html,
                "Attempts at jobs",
                $"{CountText.Format(attempts.Count, "attempt")} at "
                    + $"{CountText.Format(attempts.Select(one => (one.Id.Round, one.Id.Job)).Distinct().Count(), "job")} in "
                    + $"{PlanReport.Text(end - first)}; {attempts.Sum(one => one.Report.StripesRead):N0} stripes, "
                    + $"{attempts.Sum(one => one.Report.BytesRead) / 1e6:N0} MB read, "
                    + $"{attempts.Sum(one => one.Report.BytesInflated) / 1e6:N0} MB inflated"
                    + $"{(attempts.Count > shown.Count ? $"; the first {shown.Count} are shown" : "")}.",
                ("seconds since the first start", 0, Math.Max(0.1, (end - first).TotalSeconds)),
                ("attempt", 0, Math.Max(MinBars, shown.Count)),
                plot =>
                {
                    foreach (var (index, attempt) in shown.Index())
                        plot.Bar(
                            (attempt.Start - first).TotalSeconds,
                            (attempt.End - first).TotalSeconds,
                            index + 0.1,
                            index + 0.9,
                            attempt.Report.Ended == ExitCode.Success ? "bar" : "bar failed"
                        );
                }
            );
        var failed = attempts.Where(attempt => attempt.Report.Ended != ExitCode.Success).ToList();
        if (failed.Count > 0)
            RowTable.Write(
                html,
                "Attempts that did not end successfully",
                [("round", false), ("job", false), ("host", true), ("ended", true), ("elements done", false)],
                failed.Select(attempt =>
                    (IReadOnlyList<string>)
                        [
                            $"{attempt.Id.Round}",
                            $"{attempt.Id.Job}",
                            attempt.Report.Host,
                            attempt.Report.Ended is { } code ? $"{code}" : "without a report: killed, or still running",
                            $"{attempt.Report.ElementsDone:N0} of {attempt.Report.ElementsTotal:N0}",
                        ]
                )
            );
    }

    private List<Attempt> Attempts()
    {
        if (folder is null || !Directory.Exists(folder))
            return [];
        var run = RunDirectory.At(folder);
        return
        [
            .. run.ReportedAttempts()
                .Select(id => (Id: id, Report: run.ReadProgress(id)))
                .Where(one => one.Report is not null)
                .Select(one => Attempt.From(one.Id, one.Report!, File.GetLastWriteTimeUtc(run.ProgressFile(one.Id)))),
        ];
    }

    /// <summary>One execution of a job.</summary>
    private sealed record Attempt(AttemptId Id, ProgressReport Report, DateTime Start, DateTime End)
    {
        /// <summary>Its rate counts from its start.</summary>
        public static Attempt From(AttemptId id, ProgressReport report, DateTime end)
        {
            var seconds = report.ElementsPerSecond > 0 ? report.ElementsDone / report.ElementsPerSecond : 0;
            return new(id, report, end - TimeSpan.FromSeconds(seconds), end);
        }
    }
}
