using HpcFit.Shared.Elements;

namespace HpcFit.Coordinator.Planning;

/// <summary>What work costs on this machine, as the probe measured it on a few pilot stripes with one thread.</summary>
internal sealed record JobCost
{
    /// <summary>Starting a worker and preparing the model, once per job.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Fitting one element.</summary>
    public required double SecondsPerElement { get; init; }

    /// <summary>
    /// Reading and inflating one stripe of all scalars of the model; null: unknown, and included in the time per element.
    /// </summary>
    public required double? SecondsPerStripe { get; init; }

    /// <summary>Memory of a worker without its threads.</summary>
    public required long BytesPerWorker { get; init; }

    /// <summary>Memory of each thread: its stripe, inflated, and the engine's workspace.</summary>
    public required long BytesPerThread { get; init; }

    /// <summary>Seconds of one thread for so many elements in so many stripes, without the start.</summary>
    public double WorkSeconds(long elements, long stripes) => (elements * SecondsPerElement) + (stripes * (SecondsPerStripe ?? 0));

    /// <summary>
    /// The fewest elements of a stripe whose fit takes <paramref name="times"/> times as long as reading the stripe again for them; null:
    /// unknown, so stripes are not cut.
    /// </summary>
    public long? ElementsWorthReading(double times) =>
        SecondsPerStripe is { } reading
            ? (long)Math.Clamp(Math.Ceiling(times * reading / Math.Max(SecondsPerElement, 1e-12)), 1, 1e15)
            : null;

    /// <summary>Wall time of a job: a stripe is read by one thread, its elements are fitted by all.</summary>
    public TimeSpan Time(ElementSet elements, StripeGrid grid, int threads)
    {
        var stripes = grid.CountTouched(elements);
        var readers = Math.Max(1, Math.Min(threads, stripes));
        var fitters = SecondsPerStripe is null ? readers : Math.Max(readers, Math.Min(threads, elements.Count));
        return Start + TimeSpan.FromSeconds((WorkSeconds(0, stripes) / readers) + (WorkSeconds(elements.Count, 0) / fitters));
    }

    /// <summary>Peak resident memory of a worker with so many threads, in bytes.</summary>
    public long Memory(int threads) => BytesPerWorker + threads * BytesPerThread;
}
