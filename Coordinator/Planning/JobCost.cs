using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>What work costs on this machine, as the probe measured it on a few pilot stripes with one thread.</summary>
internal sealed record JobCost
{
    /// <summary>Starting a worker and preparing the model, once per job.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Fitting one element.</summary>
    public required double SecondsPerElement { get; init; }

    /// <summary>Reading and inflating one stripe of all scalars of the model.</summary>
    public required double SecondsPerStripe { get; init; }

    /// <summary>Memory of a worker without its threads.</summary>
    public required long BytesPerWorker { get; init; }

    /// <summary>Memory of each thread: its stripe, inflated, and the engine's workspace.</summary>
    public required long BytesPerThread { get; init; }

    /// <summary>Seconds of one thread for so many elements in so many stripes, without the start.</summary>
    public double WorkSeconds(long elements, long stripes) => elements * SecondsPerElement + stripes * SecondsPerStripe;

    /// <summary>Wall time of a job. Threads beyond the number of its stripes stay idle.</summary>
    public TimeSpan Time(ElementSet elements, StripeGrid grid, int threads)
    {
        var stripes = grid.CountTouched(elements);
        var busy = Math.Max(1, Math.Min(threads, stripes));
        return Start + TimeSpan.FromSeconds(WorkSeconds(elements.Count, stripes) / busy);
    }

    /// <summary>Peak resident memory of a worker with so many threads, in bytes.</summary>
    public long Memory(int threads) => BytesPerWorker + threads * BytesPerThread;
}
