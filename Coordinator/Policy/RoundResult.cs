using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>A round with its outcome. Finds the job that held an element in O(log n).</summary>
internal sealed class RoundResult
{
    private readonly (ElementRange Elements, int Index)[] _ranges;

    /// <summary>Combines a round with its outcome.</summary>
    public RoundResult(Round round, RoundOutcome outcome)
    {
        (Round, Outcome) = (round, outcome);
        if (round.Id != outcome.Round || !round.Jobs.Select(job => job.Id).SequenceEqual(outcome.Jobs.Select(job => job.Job)))
            throw new ArgumentException(
                $"The outcome is of round {outcome.Round} with {outcome.Jobs.Count} jobs, not of round {round.Id} with {round.Jobs.Count}."
            );
        _ranges =
        [
            .. round.Jobs.SelectMany((job, index) => job.Elements.Select(range => (range, index))).OrderBy(pair => pair.range.First),
        ];
        Gain = round.Jobs.Zip(outcome.Jobs, (job, end) => job.Elements.Count - end.Left).Sum();
    }

    /// <summary>The round.</summary>
    public Round Round { get; }

    /// <summary>How its jobs ended.</summary>
    public RoundOutcome Outcome { get; }

    /// <summary>Number of elements that were missing when it was planned and had a result when it ended.</summary>
    public long Gain { get; }

    /// <summary>The job that held an element, with its outcome; null when none did.</summary>
    public (Job Job, JobOutcome Outcome)? Holder(long element)
    {
        int low = 0,
            high = _ranges.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].Elements.End <= element)
                low = middle + 1;
            else
                high = middle;
        }
        return low < _ranges.Length && _ranges[low].Elements.Contains(element)
            ? (Round.Jobs[_ranges[low].Index], Outcome.Jobs[_ranges[low].Index])
            : null;
    }
}
