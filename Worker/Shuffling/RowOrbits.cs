namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Divides rows into orbits: the sets within which rows take each other's places. A vector that is constant on every orbit, and 0 where
/// signs change, is the same after every shuffle; with the group of all shuffles of an exchangeability, no other vector is.
/// </summary>
internal sealed class RowOrbits
{
    /// <summary>In place of an orbit: the sign may change.</summary>
    public const int Flipped = -1;

    private readonly int[] _parent;
    private readonly bool[] _isFlipped;

    /// <summary>Rows that stay in place.</summary>
    /// <param name="rows">How many.</param>
    public RowOrbits(int rows)
    {
        (_parent, _isFlipped) = (new int[rows], new bool[rows]);
        for (var row = 0; row < rows; row++)
            _parent[row] = row;
    }

    /// <summary>One row may take the place of another.</summary>
    public void Join(int row, int other)
    {
        var (root, otherRoot) = (Root(row), Root(other));
        _parent[otherRoot] = root;
        _isFlipped[root] |= _isFlipped[otherRoot];
    }

    /// <summary>The sign of a row may change, and so that of those whose place it takes.</summary>
    public void Flip(int row) => _isFlipped[Root(row)] = true;

    /// <summary>Per row the number of its orbit, from 0 in the order of their first rows, or <see cref="Flipped"/>.</summary>
    public int[] Numbers()
    {
        var numbers = new Dictionary<int, int>();
        var orbits = new int[_parent.Length];
        for (var row = 0; row < orbits.Length; row++)
        {
            var root = Root(row);
            if (_isFlipped[root])
                orbits[row] = Flipped;
            else if (!numbers.TryGetValue(root, out orbits[row]))
                numbers.Add(root, orbits[row] = numbers.Count);
        }
        return orbits;
    }

    private int Root(int row)
    {
        while (_parent[row] != row)
            row = _parent[row] = _parent[_parent[row]];
        return row;
    }
}
