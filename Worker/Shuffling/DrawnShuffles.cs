using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Shuffles drawn at random, without repeats. A shuffle is computed from its number; all that is kept is which of them had to be drawn
/// again.
/// </summary>
internal sealed class DrawnShuffles : IShuffleList
{
    /// <summary>Repeats less likely than this (2^-64) are not searched.</summary>
    private const double LogNegligible = -64 * 0.69314718055994530942;

    private readonly ExchangePlan _plan;
    private readonly long _seed;
    private readonly Dictionary<long, uint> _attempts;

    /// <summary>Draws shuffles.</summary>
    /// <param name="plan">What is possible.</param>
    /// <param name="seed">The key of the random numbers.</param>
    /// <param name="count">How many, the identity included; at most as many as are possible.</param>
    public DrawnShuffles(ExchangePlan plan, long seed, long count)
    {
        (_plan, _seed, Count) = (plan, seed, count);
        // The expected number of equal pairs among count draws.
        var logRepeats = (2 * Math.Log(count)) - Math.Log(2) - plan.LogPossible;
        _attempts = logRepeats < LogNegligible ? [] : AttemptsWithoutRepeats();
    }

    /// <inheritdoc/>
    public int Rows => _plan.Rows;

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public bool Permutes => _plan.Permutes;

    /// <inheritdoc/>
    public bool Flips => _plan.Flips;

    /// <inheritdoc/>
    public bool IsExhaustive => Count == _plan.CountPossible(Count);

    /// <inheritdoc/>
    public double LogPossible => _plan.LogPossible;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <inheritdoc/>
    public int[] Orbits() => _plan.Orbits();

    /// <inheritdoc/>
    public void Fill(long number, Span<int> source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Rows);
        if (number == 0)
            _plan.Fill(new RankedChoices(0), source);
        else
            Draw(number, _attempts.GetValueOrDefault(number), source);
    }

    private void Draw(long number, uint attempt, Span<int> source) => _plan.Fill(new DrawnChoices(_seed, (ulong)number, attempt), source);

    /// <summary>
    /// The attempts, counted from 0, of the shuffles whose first attempt equals an earlier shuffle. Shuffles are recognised by a hash of
    /// 128 bits: two that share it by chance would cost one attempt and nothing else.
    /// </summary>
    private Dictionary<long, uint> AttemptsWithoutRepeats()
    {
        var (attempts, seen, source) = (new Dictionary<long, uint>(), new HashSet<UInt128>(), new int[Rows]);
        _plan.Fill(new RankedChoices(0), source);
        seen.Add(Fingerprint(source));
        for (var number = 1L; number < Count; number++)
        {
            var attempt = 0u;
            Draw(number, attempt, source);
            while (!seen.Add(Fingerprint(source)))
                Draw(number, ++attempt, source);
            if (attempt > 0)
                attempts.Add(number, attempt);
        }
        return attempts;
    }

    private static UInt128 Fingerprint(ReadOnlySpan<int> source) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(source));
}
