namespace HpcFit.Shared.Stripes;

/// <summary>
/// One scalar's values over a run of elements: subjects × elements, row-major, whatever the file's own order is. Exactly one of
/// <see cref="Singles"/> (stored float32) and <see cref="Doubles"/> (everything else) is set. The memory is the reader's and valid until
/// its next read. It may go on after the last row's last element: what stands there and between rows belongs to no element of this run.
/// </summary>
/// <param name="FirstElement">The 0-based id of the first element.</param>
/// <param name="Count">How many elements.</param>
/// <param name="Singles">float32 values, or empty.</param>
/// <param name="Doubles">float64 values, or empty.</param>
/// <param name="Stride">Values from one subject's row to the next.</param>
public readonly record struct StripeValues(
    long FirstElement,
    int Count,
    ReadOnlyMemory<float> Singles,
    ReadOnlyMemory<double> Doubles,
    int Stride
)
{
    /// <summary>What the elements after these are going to be made of.</summary>
    public PrefetchHint Prefetch { get; init; }
}
