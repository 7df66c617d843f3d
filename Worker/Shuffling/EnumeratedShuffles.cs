namespace HpcFit.Worker.Shuffling;

/// <summary>Shuffles that are so few that each possible one has a rank: a random order of the ranks, the identity first.</summary>
internal sealed class EnumeratedShuffles : IShuffleList
{
    /// <summary>The greatest number of possible shuffles that are enumerated: ranks take 4 MB.</summary>
    public const long Limit = 1 << 20;

    /// <summary>A shuffle number that no drawn shuffle has, so that the order has random numbers of its own.</summary>
    private const ulong NumberOfOrder = ulong.MaxValue;

    private readonly ExchangePlan _plan;
    private readonly int[] _ranks;

    /// <summary>Enumerates shuffles.</summary>
    /// <param name="plan">What is possible.</param>
    /// <param name="possible">How many shuffles are possible, at most <see cref="Limit"/>.</param>
    /// <param name="seed">The key of the order.</param>
    /// <param name="count">How many are requested, the identity included.</param>
    public EnumeratedShuffles(ExchangePlan plan, long possible, long seed, long count)
    {
        _plan = plan;
        _ranks = RandomOrder((int)possible, seed)[..(int)Math.Min(count, possible)];
        IsExhaustive = _ranks.Length == possible;
    }

    /// <inheritdoc/>
    public int Rows => _plan.Rows;

    /// <inheritdoc/>
    public long Count => _ranks.Length;

    /// <inheritdoc/>
    public bool Permutes => _plan.Permutes;

    /// <inheritdoc/>
    public bool Flips => _plan.Flips;

    /// <inheritdoc/>
    public bool IsExhaustive { get; }

    /// <inheritdoc/>
    public double LogPossible => _plan.LogPossible;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public int[] Orbits() => _plan.Orbits();

    /// <inheritdoc/>
    public void Fill(long number, Span<int> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Rows);
        _plan.Fill(new RankedChoices(_ranks[number]), source);
    }

    /// <summary>0 to <paramref name="possible"/> - 1 in random order (Fisher and Yates), 0 first.</summary>
    private static int[] RandomOrder(int possible, long seed)
    {
        var ranks = new int[possible];
        for (var rank = 0; rank < possible; rank++)
            ranks[rank] = rank;
        var choices = new DrawnChoices(seed, NumberOfOrder, attempt: 0);
        for (var at = 1; at < possible; at++)
        {
            var from = at + choices.Next(possible - at);
            (ranks[at], ranks[from]) = (ranks[from], ranks[at]);
        }
        return ranks;
    }
}
