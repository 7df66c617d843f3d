namespace HpcFit.Coordinator.Tables;

/// <summary>Rows in any order, whose values are gathered in one pass over a column.</summary>
internal sealed class WantedRows
{
    private readonly int[] _ascending;
    private readonly int[] _positions;

    /// <summary>Prepares the pass.</summary>
    /// <param name="rows">The rows in the order of the output.</param>
    public WantedRows(ReadOnlySpan<int> rows)
    {
        _ascending = rows.ToArray();
        _positions = [.. Enumerable.Range(0, rows.Length)];
        Array.Sort(_ascending, _positions);
    }

    /// <summary>Reads the values of the rows; only pieces that contain some of them are read.</summary>
    /// <param name="column">The column.</param>
    /// <param name="piece">Memory for a piece.</param>
    /// <param name="destination">Receives one value per row, in the order of the output.</param>
    public void Gather(NumberColumn column, double[] piece, double[] destination)
    {
        for (var at = 0; at < _ascending.Length; )
        {
            // A piece lies within one chunk of results that HpcFit writes, so that each chunk is inflated once.
            long first = _ascending[at];
            var end = ((first / piece.Length) + 1) * piece.Length;
            var next = at;
            while (next < _ascending.Length && _ascending[next] < end)
                next++;
            var values = piece.AsSpan(0, (int)(_ascending[next - 1] - first) + 1);
            column.Read(first, values);
            for (; at < next; at++)
                destination[_positions[at]] = values[(int)(_ascending[at] - first)];
        }
    }
}
