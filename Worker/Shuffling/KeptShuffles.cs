namespace HpcFit.Worker.Shuffling;

/// <summary>
/// The shuffles of a list, each kept once it was computed, if there is memory for all of them: every block of elements needs all shuffles,
/// and drawing one takes longer than copying it.
/// </summary>
internal sealed class KeptShuffles : IShuffleList
{
    /// <summary>5,000 shuffles of 3,000 rows. Longer lists are computed again.</summary>
    private const long MaxBytes = 64 << 20;

    private readonly IShuffleList _list;
    private readonly int[]?[] _kept;

    /// <summary>Shuffles that are kept.</summary>
    /// <param name="list">Computes them.</param>
    public KeptShuffles(IShuffleList list)
    {
        _list = list;
        _kept = list.Count <= MaxBytes / (sizeof(int) * Math.Max(1, list.Rows)) ? new int[]?[list.Count] : [];
    }

    /// <inheritdoc/>
    public int Rows => _list.Rows;

    /// <inheritdoc/>
    public long Count => _list.Count;

    /// <inheritdoc/>
    public bool Permutes => _list.Permutes;

    /// <inheritdoc/>
    public bool Flips => _list.Flips;

    /// <inheritdoc/>
    public bool IsExhaustive => _list.IsExhaustive;

    /// <inheritdoc/>
    public double LogPossible => _list.LogPossible;

    /// <inheritdoc/>
    public IReadOnlyList<int[]>? Parts => _list.Parts;

    /// <inheritdoc/>
    public (int Row, int Other)? FindRowsKeptTogether() => _list.FindRowsKeptTogether();

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => _list.Notes;

    /// <inheritdoc/>
    public int[] Orbits() => _list.Orbits();

    /// <inheritdoc/>
    public void Fill(long number, Span<int> source)
    {
        if (_kept.Length == 0)
            _list.Fill(number, source);
        else if (Volatile.Read(ref _kept[number]) is { } kept)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Rows);
            kept.CopyTo(source);
        }
        else
        {
            // Threads that compute the same shuffle at the same time keep the same numbers.
            _list.Fill(number, source);
            Volatile.Write(ref _kept[number], source.ToArray());
        }
    }
}
