namespace HpcFit.Worker.Shuffling;

/// <summary>
/// The shuffles of a list without missing rows, as MRtrix has them: the rows that a shuffle draws, without the missing ones, are assigned
/// to the present rows in order; with blocks, block by block. The order is part of the result: a file of shuffles has its own. For use by
/// one thread.
/// </summary>
internal sealed class RestrictedShuffles : IShuffleList
{
    private readonly IShuffleList _all;
    private readonly int[] _place;
    private readonly IReadOnlyList<int[]> _blocks;
    private readonly int[][] _presentOfBlock;
    private readonly int[] _source;

    /// <summary>The list without some rows.</summary>
    /// <param name="all">The list.</param>
    /// <param name="present">The present rows, ascending.</param>
    /// <param name="blocks">The rows of each block, which no shuffle leaves, in their order; null: one block, ascending.</param>
    public RestrictedShuffles(IShuffleList all, ReadOnlySpan<int> present, IReadOnlyList<int[]>? blocks)
    {
        _all = all;
        _blocks =
            blocks
            ??
            [
                [.. Enumerable.Range(0, all.Rows)],
            ];
        _source = new int[all.Rows];
        _place = new int[all.Rows];
        Array.Fill(_place, -1);
        for (var place = 0; place < present.Length; place++)
            _place[present[place]] = place;
        Rows = present.Length;
        _presentOfBlock = [.. _blocks.Select(rows => rows.Where(row => _place[row] >= 0).ToArray())];
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
    /// <remarks>Rows take the places of missing ones in order, so that those of a block are one orbit.</remarks>
    public int[] Orbits()
    {
        var orbits = new RowOrbits(Rows);
        foreach (var rows in _presentOfBlock)
            for (var i = 1; i < rows.Length; i++)
                orbits.Join(_place[rows[0]], _place[rows[i]]);
        for (var row = 0; Flips && row < Rows; row++)
            orbits.Flip(row);
        return orbits.Numbers();
    }

    /// <inheritdoc/>
    public void Fill(long number, Span<int> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, Rows);
        _all.Fill(number, _source);
        for (var block = 0; block < _blocks.Count; block++)
        {
            var next = 0;
            foreach (var target in _blocks[block])
            {
                var drawn = _source[target];
                var row = drawn >= 0 ? drawn : ~drawn;
                if (_place[row] < 0)
                    continue;
                // A shuffle keeps rows in their block, so a block has as many places as drawn rows.
                source[_place[_presentOfBlock[block][next++]]] = drawn >= 0 ? _place[row] : ~_place[row];
            }
        }
    }
}
