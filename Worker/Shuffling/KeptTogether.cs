namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Rows that every shuffle of a list keeps together: it exchanges blocks of rows as a whole, also where nothing else says so.
/// </summary>
/// <remarks>
/// Two rows that belong together join those that take their places in each shuffle, and so on (Atkinson 1975, An algorithm for finding the
/// blocks of a permutation group, Mathematics of Computation 29:911). What remains are blocks, unless it is a set of rows that no shuffle
/// leaves. Every row that moves must have a block. Of k different random shuffles this is true with at most the power 1 - k of the number
/// of divisions into blocks, which is 3 or more, so fewer than 20 are not judged.
/// </remarks>
internal sealed class KeptTogether
{
    /// <summary>As many shuffles join all rows of an orbit where there are no blocks; all of them are compared in the end.</summary>
    private const int LeastShuffles = 20;

    /// <summary>The time grows with the square of the rows: about a second.</summary>
    private const int MostRows = 2_000;

    private readonly IReadOnlyList<int[]> _shuffles;
    private readonly int[] _orbits;
    private readonly int[] _sizes;
    private readonly int[] _parent;

    private KeptTogether(IReadOnlyList<int[]> shuffles, int[] orbits)
    {
        (_shuffles, _orbits, _parent) = (shuffles, orbits, [.. Enumerable.Range(0, orbits.Length)]);
        _sizes = new int[orbits.Max() + 1];
        foreach (var orbit in orbits)
            _sizes[orbit]++;
    }

    /// <summary>Two rows that all shuffles keep together.</summary>
    /// <param name="shuffles">Different shuffles without the identity: per row the one that takes its place.</param>
    /// <param name="orbits">Per row the number of its orbit, from 0.</param>
    /// <returns>Null: there are no blocks, or too few shuffles or too many rows to tell.</returns>
    public static (int Row, int Other)? Find(IReadOnlyList<int[]> shuffles, int[] orbits)
    {
        if (shuffles.Count < LeastShuffles || orbits.Length > MostRows)
            return null;
        var blocks = new KeptTogether(shuffles, orbits);
        (int Row, int Other)? first = null;
        for (var row = 0; row < orbits.Length; row++)
        {
            if (blocks.Stays(row) || blocks.HasBlock(row))
                continue;
            if (blocks.JoinAny(row) is not { } other)
                return null;
            first ??= (row, other);
        }
        blocks.JoinByAll();
        return Enumerable.Range(0, orbits.Length).All(row => blocks.Stays(row) || blocks.IsMoved(row)) ? first : null;
    }

    private bool Stays(int row) => _sizes[_orbits[row]] == 1;

    private bool HasBlock(int row) => Enumerable.Range(0, _parent.Length).Any(other => other != row && Root(other) == Root(row));

    /// <summary>Joins a row with the first other one with which it is in a block; null: none.</summary>
    private int? JoinAny(int row)
    {
        int[] before = [.. _parent];
        for (var other = 0; other < _parent.Length; other++)
        {
            if (other == row)
                continue;
            Join(row, other);
            if (IsMoved(row))
                return other;
            before.CopyTo(_parent, 0);
        }
        return null;
    }

    /// <summary>Joins rows, and those that take their places in the first shuffles.</summary>
    private void Join(int row, int other)
    {
        var pairs = new Stack<(int Row, int Other)>([(row, other)]);
        while (pairs.TryPop(out var pair))
        {
            var (root, another) = (Root(pair.Row), Root(pair.Other));
            if (root == another)
                continue;
            _parent[another] = root;
            foreach (var shuffle in _shuffles.Take(LeastShuffles))
                pairs.Push((shuffle[pair.Row], shuffle[pair.Other]));
        }
    }

    /// <summary>The same with all shuffles, until no row is joined.</summary>
    private void JoinByAll()
    {
        for (var isJoined = true; isJoined; )
        {
            isJoined = false;
            foreach (var shuffle in _shuffles)
            {
                for (var row = 0; row < shuffle.Length; row++)
                {
                    var (one, other) = (shuffle[row], shuffle[Root(row)]);
                    if (Root(one) == Root(other))
                        continue;
                    Join(one, other);
                    isJoined = true;
                }
            }
        }
    }

    /// <summary>Whether the rows that are joined with a row are no union of orbits, so that a shuffle moves them.</summary>
    private bool IsMoved(int row)
    {
        var (root, left, isSeen) = (Root(row), 0, new bool[_sizes.Length]);
        for (var other = 0; other < _parent.Length; other++)
        {
            if (Root(other) != root)
                continue;
            left += isSeen[_orbits[other]] ? -1 : _sizes[_orbits[other]] - 1;
            isSeen[_orbits[other]] = true;
        }
        return left > 0;
    }

    private int Root(int row)
    {
        while (_parent[row] != row)
            row = _parent[row] = _parent[_parent[row]];
        return row;
    }
}
