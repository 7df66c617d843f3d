using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Launching;

/// <summary>The report of a run: one line per round, and one per problem.</summary>
internal static class RunReport
{
    /// <summary>How many jobs of a round with the same outcome are listed individually.</summary>
    private const int MaxNamed = 5;

    /// <summary>Replaces <c>report.txt</c>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="history">Its rounds.</param>
    /// <param name="companions">Events of the jobs that advance and watch it.</param>
    public static void Write(RunDirectory run, RunHistory history, IEnumerable<string> companions)
    {
        try
        {
            var lines = Lines(history, run.UnitName).Concat(companions).Concat(Notes(run)).ToList();
            WholeFile.Write(
                run.ReportFile,
                file =>
                {
                    using var text = new StreamWriter(file, leaveOpen: true);
                    foreach (var line in lines)
                        text.WriteLine(line);
                }
            );
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // The report is informative only: a full disk must not prevent results from being written elsewhere.
        }
    }

    /// <summary>The lines about the rounds.</summary>
    /// <param name="history">The rounds.</param>
    /// <param name="unit">What one of the units is called.</param>
    public static IEnumerable<string> Lines(RunHistory history, string unit = "element")
    {
        yield return $"{history.Covered.Count:N0} of {CountText.Format(history.Wanted.Count, unit)} "
            + $"{(history.Covered.Count == 1 ? "has" : "have")} results, after {CountText.Format(history.Rounds.Count, "round")}";
        foreach (var round in history.Rounds)
        {
            var endings = round
                .Outcome.Jobs.CountBy(job => job.Ending)
                .OrderByDescending(pair => pair.Value)
                .Select(pair => $"{pair.Value:N0} {pair.Key.DisplayName()}");
            yield return $"round {round.Round.Id}: {CountText.Format(round.Round.Jobs.Count, "job")} over "
                + $"{CountText.Format(round.Round.Jobs.Sum(job => job.Elements.Count), unit)}: {string.Join(", ", endings)}";
            foreach (var job in round.Outcome.Jobs)
            {
                foreach (var line in job.Events)
                    yield return $"  job {job.Job}: {line}";
            }
            foreach (var ending in round.Outcome.Jobs.Where(job => job.Ending != JobOutcomeKind.Finished).GroupBy(job => job.Ending))
            {
                foreach (var job in ending.Take(MaxNamed))
                    yield return $"  job {job.Job}: {job.Ending.DisplayName()}, {CountText.Format(job.Left, unit)} "
                        + $"left{(job.Detail.Length > 0 ? $". {job.Detail.ReplaceLineEndings(" | ")}" : "")}";
                if (ending.Count() > MaxNamed)
                    yield return $"  … and {ending.Count() - MaxNamed} more {ending.Key.DisplayName()}";
            }
        }
    }

    /// <summary>The warnings of the commands that advanced the run.</summary>
    private static IEnumerable<string> Notes(RunDirectory run)
    {
        try
        {
            return [.. File.ReadAllLines(run.NotesFile).Select(line => "note " + line)];
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
