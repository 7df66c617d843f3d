namespace HpcFit.Worker.Shuffling;

/// <summary>
/// The choices of one of all possible shuffles: the digits of its rank in a mixed radix, whose radices are the bounds. Rank 0 is the
/// identity.
/// </summary>
/// <param name="rank">0 to the number of possible shuffles - 1.</param>
internal struct RankedChoices(long rank) : IChoices
{
    private long _rest = rank;

    /// <inheritdoc/>
    public int Next(int bound)
    {
        (_rest, var digit) = Math.DivRem(_rest, bound);
        return (int)digit;
    }

    /// <inheritdoc/>
    public bool NextFlip() => Next(2) == 1;
}
