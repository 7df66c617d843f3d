using HpcFit.Shared.Runs;

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
        yield return $"elements   {all:N0} of {document.Inputs.TotalElements:N0}, {document.Layout.Columns.Count} result columns"
            + (lacking.Count < all ? $"; {all - lacking.Count:N0} have their results already" : "");
        yield return $"missing    {estimates.MissingPatterns:N0} patterns of missing subjects among {estimates.PatternSample:N0} elements looked at";
        yield return $"jobs       {forecast.Jobs:N0}, over {forecast.Stripes:N0} stripes of {estimates.ElementsPerStripe:N0} elements";
        yield return $"predicted  {Text(forecast.LongestJob)} a job, {Text(forecast.Total)} in all with {partition.Workers} workers of {partition.Threads} threads; {forecast.BytesPerWorker / 1e6:N0} MB a worker";
        if (estimates.LayoutAdvice is { } advice) yield return $"advice     {advice}";
        if (estimates is { PilotsFitted: 0, PilotElements: > 0 })
            yield return $"warning    none of the {estimates.PilotElements:N0} pilot elements gave values; 'hpcfit inspect' shows the file, and each element's status code will say why";
    }

    /// <summary>A duration as people say it.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{time.TotalSeconds:F1} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };
}
