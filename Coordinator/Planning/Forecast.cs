using HpcFit.Shared.Runs;

namespace HpcFit.Coordinator.Planning;

/// <summary>What a round is expected to cost; shown before it starts and compared with what happened.</summary>
/// <param name="Jobs">How many jobs.</param>
/// <param name="Elements">How many elements in all.</param>
/// <param name="Stripes">How many stripes are read and inflated.</param>
/// <param name="LongestJob">Wall time of the longest job.</param>
/// <param name="Total">Wall time of the round with the partition's workers.</param>
/// <param name="BytesPerWorker">Peak resident memory of a worker.</param>
internal sealed record Forecast(int Jobs, long Elements, long Stripes, TimeSpan LongestJob, TimeSpan Total, long BytesPerWorker)
{
    /// <summary>The forecast of a round whose jobs are handed to workers as they come free.</summary>
    public static Forecast Create(Round round, StripeGrid grid, JobCost cost, Partition partition)
    {
        var free = new PriorityQueue<int, TimeSpan>();
        for (var worker = 0; worker < Math.Min(partition.Workers, Math.Max(1, round.Jobs.Count)); worker++)
            free.Enqueue(worker, TimeSpan.Zero);
        var (longest, total, elements, stripes) = (TimeSpan.Zero, TimeSpan.Zero, 0L, 0L);
        foreach (var job in round.Jobs)
        {
            var time = cost.Time(job.Elements, grid, partition.Threads);
            free.TryDequeue(out var worker, out var from);
            free.Enqueue(worker, from + time);
            longest = time > longest ? time : longest;
            total = from + time > total ? from + time : total;
            elements += job.Elements.Count;
            stripes += grid.CountTouched(job.Elements);
        }
        return new(round.Jobs.Count, elements, stripes, longest, total, cost.Memory(partition.Threads));
    }
}
