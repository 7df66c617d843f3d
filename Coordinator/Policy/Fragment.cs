using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Policy;

/// <summary>Lacking elements with one past: what is left of the last job that held them.</summary>
/// <param name="Round">That job's round.</param>
/// <param name="Job">The job.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Left">Its elements that are lacking and that no later job held. Never empty.</param>
internal sealed record Fragment(RoundResult Round, Job Job, JobOutcome Outcome, ElementSet Left)
{
    /// <summary>Elements that the job finished.</summary>
    public long Gained => Job.Elements.Count - Outcome.Left;

    /// <summary>The fragments of some rounds, and the lacking elements that no job of these rounds held.</summary>
    public static (IReadOnlyList<Fragment> Fragments, ElementSet Unheld) From(ElementSet lacking, IReadOnlyList<RoundResult> rounds)
    {
        var fragments = new List<Fragment>();
        foreach (var round in rounds.Reverse())
        {
            if (lacking.IsEmpty)
                break;
            var held = new List<ElementRange>();
            foreach (var (job, outcome) in round.Round.Jobs.Zip(round.Outcome.Jobs))
            {
                if (outcome.Left == 0)
                    continue;
                var left = job.Elements.Intersect(lacking);
                if (left.IsEmpty)
                    continue;
                fragments.Add(new(round, job, outcome, left));
                held.AddRange(left);
            }
            lacking = lacking.Except(ElementSet.From(held));
        }
        return (fragments, lacking);
    }
}
