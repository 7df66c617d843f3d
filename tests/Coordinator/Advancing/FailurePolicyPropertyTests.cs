using FsCheck;
using FsCheck.Fluent;
using HpcFit.Coordinator.Planning;
using HpcFit.Coordinator.Policy;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Tests.Advancing;

/// <summary>
/// The policy against worlds of random mischief: it always ends, and it loses, duplicates and gives up nothing without cause.
/// </summary>
public class FailurePolicyPropertyTests
{
    private const long Elements = 3000;

    private static readonly AdvanceLimits Limits = new() { MaxMemoryBytes = 2_000_000_000, MaxTime = TimeSpan.FromHours(4) };

    [Fact]
    public void It_ends_and_gives_up_only_elements_that_kill()
    {
        var worlds = Gen.Choose(0, 999).ListOf(3).Zip(Gen.Choose(0, int.MaxValue - 1)).Zip(Gen.Choose(1, 40)).ToArbitrary();
        Prop.ForAll(
                worlds,
                world =>
                {
                    var ((thirds, seed), jobs) = world;
                    var killers = thirds.Select(third => third * 3L).ToHashSet();
                    var run = new World(killers, new Random(seed), jobs);
                    run.Play();
                    run.Missing.ShouldBe(ElementSet.From(killers.Select(killer => new ElementRange(killer, killer + 1))));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Without_killing_elements_every_run_is_completed()
    {
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
                seed =>
                {
                    var run = new World([], new Random(seed), jobs: 12);
                    run.Play().ShouldBeOfType<MergeNow>();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    /// <summary>Jobs die of certain elements, of too little memory or time, and of bad luck; what they did before that is kept.</summary>
    private sealed class World(HashSet<long> killers, Random chance, int jobs)
    {
        private const long NeededMemory = 900_000_000;

        private readonly RoundCutter _cutter = new(
            new StripeGrid(25),
            new()
            {
                Start = TimeSpan.FromSeconds(1),
                SecondsPerElement = 1,
                SecondsPerStripe = 0,
                BytesPerWorker = 200_000_000,
                BytesPerThread = 1_000_000,
            },
            new Partition { Jobs = jobs }
        );

        private readonly List<RoundResult> _rounds = [];
        private ElementSet _covered = ElementSet.Empty;

        public ElementSet Missing => History.Missing;

        private RunHistory History => new(ElementSet.From(0, Elements), _covered, _rounds);

        /// <summary>Plays to the end, asking again as a user would when bad luck used the retries up.</summary>
        public AdvanceDecision Play()
        {
            AdvanceDecision decision = FailurePolicy.Begin(History, _cutter);
            for (var step = 0; step < 400; step++)
            {
                if (decision is StartRound start)
                    Carry(start);
                else if (decision is MergeNow || Missing.Count == killers.Count)
                    return decision;
                else
                    Carry(FailurePolicy.Begin(History, _cutter).ShouldBeOfType<StartRound>());
                decision = FailurePolicy.Decide(History, Limits, _cutter);
            }
            throw new ShouldAssertException($"No end after {_rounds.Count} rounds: {Missing.Count} elements are lacking.");
        }

        private void Carry(StartRound start)
        {
            var held = ElementSet.From(start.Jobs.SelectMany(job => job.Elements));
            held.Count.ShouldBe(start.Jobs.Sum(job => job.Elements.Count), "jobs overlap");
            held.Except(Missing).IsEmpty.ShouldBeTrue("covered elements are fitted again");
            start.Jobs.Select(job => job.Id.Value).ShouldBe(Enumerable.Range(0, start.Jobs.Count));
            start.Jobs.ShouldAllBe(job =>
                (job.Resources == null || !(job.Resources.MemoryBytes > Limits.MaxMemoryBytes))
                && !(job.Resources != null && job.Resources.Time > Limits.MaxTime)
            );

            var round = new Round(new(_rounds.Count + 1), start.Jobs, IsRetry: start.IsRetry);
            var reports = start.Jobs.Select(Fit).ToList();
            _rounds.Add(new(round, RoundOutcome.From(round, _covered, reports)));
        }

        private JobReport Fit(Job job)
        {
            var memory = job.Resources?.MemoryBytes ?? _cutter.DefaultMemory(job.Resources);
            if (job.Elements.Count > 100 && memory < NeededMemory && chance.Next(3) == 0)
                return new(job.Id, JobOutcomeKind.OutOfMemory);
            foreach (var range in job.Elements)
            {
                for (var element = range.First; element < range.End; element++)
                {
                    if (killers.Contains(element))
                        return new(job.Id, JobOutcomeKind.Crashed);
                    if (chance.Next(4000) == 0)
                        return new(
                            job.Id,
                            chance.Next(3) switch
                            {
                                0 => JobOutcomeKind.TimeLimit,
                                1 => JobOutcomeKind.NodeFailure,
                                _ => JobOutcomeKind.Preempted,
                            }
                        );
                    _covered = _covered.Union(ElementSet.From(element, element + 1));
                }
            }
            return new(job.Id, JobOutcomeKind.Finished);
        }
    }
}
