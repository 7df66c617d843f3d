namespace HpcFit.Worker.Shuffling;

/// <summary>
/// The shuffles of a list without missing rows, as MRtrix has them: the rows that a shuffle draws, without the missing ones, are assigned
/// to the present rows in order; with blocks, block by block. For use by one thread.
/// </summary>
internal sealed class RestrictedShuffles : IShuffleList
{
    private readonly IShuffleList _all;
    private readonly int[] _place;
    private readonly int[] _blocks;
    private readonly int[][] _presentOfBlock;
    private readonly int[] _next;
    private readonly int[] _source;

    /// <summary>The list without some rows.</summary>
    /// <param name="all">The list.</param>
    /// <param name="present">The present rows, ascending.</param>
    /// <param name="blocks">The block of each row of the list, numbered from 0; null: one.</param>
    public RestrictedShuffles(IShuffleList all, ReadOnlySpan<int> present, int[]? blocks)
    {
        _all = all;
        _blocks = blocks ?? new int[all.Rows];
        _source = new int[all.Rows];
        _place = new int[all.Rows];
        Array.Fill(_place, -1);
        for (var place = 0; place < present.Length; place++)
            _place[present[place]] = place;
        Rows = present.Length;
        _presentOfBlock =
        [
            .. Enumerable
                .Range(0, _blocks.Max() + 1)
                .Select(block => Enumerable.Range(0, all.Rows).Where(row => _blocks[row] == block && _place[row] >= 0).ToArray()),
        ];
        _next = new int[_presentOfBlock.Length];
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public long Count => _all.Count;

    /// <inheritdoc/>
    public bool Permutes => _all.Permutes;

    /// <inheritdoc/>
    public bool Flips => _all.Flips;

    /// <inheritdoc/>
    public bool IsExhaustive => _all.IsExhaustive;

    /// <inheritdoc/>
    public double LogPossible => _all.LogPossible;

    /// <inheritdoc/>
    public void Fill(long number, Span<int> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Rows);
        _all.Fill(number, _source);
        Array.Clear(_next);
        foreach (var drawn in _source)
        {
            var row = drawn >= 0 ? drawn : ~drawn;
            if (_place[row] < 0)
                continue;
            // A shuffle keeps rows in their block, so a block has as many places as drawn rows.
            var block = _blocks[row];
            var target = _place[_presentOfBlock[block][_next[block]++]];
            source[target] = drawn >= 0 ? _place[row] : ~_place[row];
        }
    }
}
