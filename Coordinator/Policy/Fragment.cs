using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>Missing elements with a common history: what is left of the last job that held them.</summary>
/// <param name="Round">That job's round.</param>
/// <param name="Job">The job.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Left">Its missing elements that no later job held. Never empty.</param>
internal sealed record Fragment(RoundResult Round, Job Job, JobOutcome Outcome, ElementSet Left)
{
    /// <summary>Number of elements that the job finished.</summary>
    public long Gained => Job.Elements.Count - Outcome.Left;

    /// <summary>The fragments of some rounds, and the missing elements that no job of these rounds held.</summary>
    public static (IReadOnlyList<Fragment> Fragments, ElementSet Unheld) From(ElementSet missing, IReadOnlyList<RoundResult> rounds)
    {
        var fragments = new List<Fragment>();
        foreach (var round in rounds.Reverse())
        {
            if (missing.IsEmpty)
                break;
            var held = new List<ElementRange>();
            foreach (var (job, outcome) in round.Round.Jobs.Zip(round.Outcome.Jobs))
            {
                if (outcome.Left == 0)
                    continue;
                var left = job.Elements.Intersect(missing);
                if (left.IsEmpty)
                    continue;
                fragments.Add(new(round, job, outcome, left));
                held.AddRange(left);
            }
            missing = missing.Except(ElementSet.From(held));
        }
        return (fragments, missing);
    }
}
