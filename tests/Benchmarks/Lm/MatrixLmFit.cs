using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Programs;

namespace HpcFit.Benchmarks.Lm;

/// <summary>
/// R's matrix lm.fit on a part of the elements, given to it as plain doubles: its time excludes reading, in its favour.
/// </summary>
internal sealed class MatrixLmFit(BenchOptions options, Study study)
{
    private const int Block = 2_000;

    /// <summary>Its row in the table of whole runs.</summary>
    /// <param name="ours">Seconds of a whole run over all elements.</param>
    public IEnumerable<string[]> Measure(double ours)
    {
        const string Name = "R, matrix lm.fit in blocks, reading and writing left out";
        var elements = (int)Math.Min(study.Elements, options.Quick ? 4_000 : 20_000);
        var values = PlainValues.Write(study, elements);
        var run = Peer.LmFit.TryRun(values, study.Cohort, $"{elements}", $"{Block}");
        File.Delete(values);
        if (run is null)
        {
            yield return [Name, "not measured", "", "", "", ""];
            yield break;
        }
        var seconds = Peer.Figure(run, "fit") / elements * study.Elements;
        yield return
        [
            Name,
            $"{seconds:F1} ({elements:N0} elements measured)",
            $"{seconds / ours:F1} x run",
            "",
            $"{run.BusyProcessors:F2}",
            $"{run.PeakBytes / 1e6:F0}",
        ];
    }
}
