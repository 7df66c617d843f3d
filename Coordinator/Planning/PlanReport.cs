using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Variables;

namespace HpcFit.Coordinator.Planning;

/// <summary>The human-readable plan: what is computed, how it is partitioned, how long it will take.</summary>
internal static class PlanReport
{
    /// <summary>The lines of the report.</summary>
    /// <param name="document">The run.</param>
    /// <param name="models">The run itself, or the runs of a batch, each with the name of its analysis.</param>
    /// <param name="folder">Its directory.</param>
    /// <param name="missing">Its elements that have no result yet.</param>
    /// <param name="forecast">What the next round is expected to cost.</param>
    /// <param name="partition">The requested partition.</param>
    public static IEnumerable<string> Lines(
        RunDocument document,
        IReadOnlyList<(RunDocument Run, string Analysis)> models,
        string folder,
        ElementSet missing,
        Forecast forecast,
        Partition partition
    )
    {
        var estimates = document.Estimates;
        var all = document.ElementSet().Count;
        yield return models.Count == 1
            ? $"run        {document.Digest[..12]} in {folder}"
            : $"batch      {document.Digest[..12]} in {folder}: {models.Count} models, fitted in one pass";
        var (subjects, known) = ("", new HashSet<string>(StringComparer.Ordinal));
        foreach (var (run, analysis) in models)
        {
            yield return $"model      {run.Spec.Model.Engine}  {run.Spec.Model.Formula}".TrimEnd()
                + (models.Count == 1 ? "" : $" -> /results/{analysis}");
            // The models of a batch share most variables: each is reported once, and again after a model of other subjects.
            string[] lines = run.Frame is { } frame ? [.. ModelFrameReport.Lines(frame)] : [];
            if (lines is [var first, ..] && first != subjects)
            {
                subjects = first;
                known.Clear();
            }
            foreach (var line in lines.Where(known.Add))
                yield return line;
            foreach (var line in run.Matrix is { } matrix ? ModelMatrixReport.Lines(matrix) : [])
                yield return line;
            foreach (var line in run.Layout.Permutation is { } tests ? PermutationReport.Lines(tests) : [])
                yield return line;
        }
        if (models.Any(model => model.Run.Spec.Model.Gam is { SmoothPValues: not GamSpec.AccuratePValues }))
            yield return "p-values   of smooths by Davies' method, as in mgcv: accurate to about 1e-6, and 0 where smaller";
        yield return $"elements   {all:N0} of {document.Inputs.TotalElements:N0}, "
            + $"{CountText.Format(models.Sum(model => model.Run.Layout.Columns.Count), "result column")}"
            + (missing.Count < all ? $"; {all - missing.Count:N0} already have results" : "");
        yield return $"missing    {CountText.Format(estimates.MissingPatterns, "pattern")} of missing subjects in "
            + $"{CountText.Format(estimates.PatternSample, "sampled element")}";
        var scalars = models.SelectMany(model => model.Run.Inputs.Scalars).DistinctBy(scalar => scalar.Scalar);
        foreach (var scalar in scalars.Where(scalar => scalar.MissingNote is not null))
            yield return $"missing    {scalar.Scalar}: {scalar.MissingNote}";
        var stripes = new StripeGrid(estimates.ElementsPerStripe).CountTouched(missing);
        yield return $"jobs       {forecast.Jobs:N0}, over {CountText.Format(stripes, "stripe")} of "
            + $"{CountText.Format(estimates.ElementsPerStripe, "element")}"
            + (
                forecast.Stripes > stripes
                    ? $", read {forecast.Stripes:N0} times in total: fitting takes longer than reading a stripe again"
                    : ""
            );
        if (forecast.Jobs > 0)
            yield return $"predicted  {Prediction(forecast, partition)}; {forecast.BytesPerWorker / 1e6:N0} MB per worker";
        if (estimates.LayoutAdvice is { } advice)
            yield return $"advice     {advice}";
        if (estimates is { PilotsFitted: 0, PilotElements: > 0 })
            yield return $"warning    none of the {estimates.PilotElements:N0} pilot elements could be fitted; see the file with "
                + "'hpcfit inspect', and each element's status code for the cause";
    }

    /// <summary>The lines about a stage after the fits.</summary>
    /// <param name="stage">Its document.</param>
    /// <param name="missing">Its units that have no result yet.</param>
    /// <param name="forecast">What its next round is expected to cost.</param>
    /// <param name="partition">The requested partition.</param>
    public static IEnumerable<string> StageLines(RunDocument stage, ElementSet missing, Forecast forecast, Partition partition)
    {
        var all = stage.ElementSet().Count;
        yield return $"stage      {stage.Stage!.Name}: {CountText.Format(all, stage.UnitName)} in {CountText.Format(forecast.Jobs, "job")}"
            + (missing.Count < all ? $"; {all - missing.Count:N0} already have results" : "");
        if (forecast.Jobs > 0)
            yield return $"predicted  {Prediction(forecast, partition)}; {forecast.BytesPerWorker / 1e6:N0} MB per worker";
    }

    private static string Prediction(Forecast forecast, Partition partition)
    {
        var threads = CountText.Format(partition.Threads, "thread");
        if (forecast.Jobs == 1)
            return $"{Text(forecast.Total)} by 1 worker of {threads}";
        var workers = Math.Min(partition.Workers, forecast.Jobs);
        return $"{Text(forecast.LongestJob)} per job of {threads}, {Text(forecast.Total)} in total "
            + $"{(workers == 1 ? "one after the other" : $"by {CountText.Format(workers, "worker")}")}";
    }

    /// <summary>A duration, rounded for people: <c>12.3 s</c>, <c>4 min 5 s</c>, <c>3 h 20 min</c>.</summary>
    public static string Text(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 60 } => $"{time.TotalSeconds:F1} s",
            { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
            _ => $"{(int)time.TotalHours} h {time.Minutes} min",
        };
}
