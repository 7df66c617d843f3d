using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Planning;

/// <summary>A plan for people: what is computed, how it is cut, what it will take.</summary>
internal static class PlanReport
{
    /// <summary>The lines.</summary>
    /// <param name="document">The run.</param>
    /// <param name="folder">Its directory.</param>
    /// <param name="lacking">Its elements that have no result yet.</param>
    /// <param name="forecast">What the next round is expected to cost.</param>
    /// <param name="partition">How it is cut.</param>
    public static IEnumerable<string> Lines(RunDocument document, string folder, ElementSet lacking, Forecast forecast, Partition partition)
    {
        var estimates = document.Estimates;
        var all = document.ElementSet().Count;
        yield return $"run        {document.Digest[..12]} in {folder}";
        yield return $"model      {document.Spec.Model.Engine}  {document.Spec.Model.Formula}";
        if (document.Spec.Model.Gam is { SmoothPValues: not GamSpec.AccuratePValues })
            yield return "p-values   the smooths' by Davies' method as mgcv has it: to about 1e-6, and 0 where they are smaller";
        yield return $"elements   {all:N0} of {document.Inputs.TotalElements:N0}, "
            + $"{CountText.Format(document.Layout.Columns.Count, "result column")}"
            + (lacking.Count < all ? $"; {all - lacking.Count:N0} have their results already" : "");
        yield return $"missing    {CountText.Format(estimates.MissingPatterns, "pattern")} of missing subjects among "
            + $"{CountText.Format(estimates.PatternSample, "element")} looked at";
        foreach (var scalar in document.Inputs.Scalars.Where(scalar => scalar.MissingNote is not null))
            yield return $"missing    {scalar.Scalar}: {scalar.MissingNote}";
        yield return $"jobs       {forecast.Jobs:N0}, over {CountText.Format(forecast.Stripes, "stripe")} of "
            + $"{CountText.Format(estimates.ElementsPerStripe, "element")}";
        if (forecast.Jobs > 0)
            yield return $"predicted  {Prediction(forecast, partition)}; {forecast.BytesPerWorker / 1e6:N0} MB a worker";
        if (estimates.LayoutAdvice is { } advice)
            yield return $"advice     {advice}";
        if (estimates is { PilotsFitted: 0, PilotElements: > 0 })
            yield return $"warning    none of the {estimates.PilotElements:N0} pilot elements gave values; 'hpcfit inspect' shows the "
                + "file, and each element's status code will say why";
    }

    private static string Prediction(Forecast forecast, Partition partition)
    {
        var threads = CountText.Format(partition.Threads, "thread");
        if (forecast.Jobs == 1)
            return $"{Text(forecast.Total)} by 1 worker of {threads}";
        var workers = Math.Min(partition.Workers, forecast.Jobs);
        return $"{Text(forecast.LongestJob)} a job of {threads}, {Text(forecast.Total)} in all "
            + $"{(workers == 1 ? "one after the other" : $"by {CountText.Format(workers, "worker")}")}";
    }

    /// <summary>A duration as people say it.</summary>
    public static string Text(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 60 } => $"{time.TotalSeconds:F1} s",
            { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
            _ => $"{(int)time.TotalHours} h {time.Minutes} min",
        };
}
