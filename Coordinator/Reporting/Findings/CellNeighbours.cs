namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>
/// Voxels are neighbours if they touch by a face, an edge or a corner (and belong to one structure, where elements have structures);
/// fixels if their voxels do and their directions differ by less than 45 degrees.
/// </summary>
internal sealed class CellNeighbours : INeighbours
{
    private readonly double[][] _cells;
    private readonly double[][]? _directions;
    private readonly int[]? _structures;
    private readonly Dictionary<(int I, int J, int K), List<int>> _byCell;

    /// <summary>Prepares the neighbours of some elements.</summary>
    /// <param name="rows">The elements; those without a cell have no neighbours.</param>
    /// <param name="cells">i, j and k of each element; NaN: none.</param>
    /// <param name="directions">x, y and z of each fixel's direction; null: elements are voxels.</param>
    /// <param name="structures">The structure of each element; null: there is only one.</param>
    public CellNeighbours(IEnumerable<int> rows, double[][] cells, double[][]? directions, int[]? structures)
    {
        (_cells, _directions, _structures) = (cells, directions, structures);
        _byCell = rows.Where(HasCell).GroupBy(Cell).ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <inheritdoc/>
    public IEnumerable<int> Of(int row)
    {
        if (!HasCell(row))
            yield break;
        var (i, j, k) = Cell(row);
        for (var neighbour = 0; neighbour < 27; neighbour++)
        {
            var (di, dj, dk) = ((neighbour / 9) - 1, (neighbour / 3 % 3) - 1, (neighbour % 3) - 1);
            if ((di, dj, dk) == (0, 0, 0) || !_byCell.TryGetValue((i + di, j + dj, k + dk), out var there))
                continue;
            foreach (var other in there)
            {
                if (AreParallel(row, other) && _structures?[row] == _structures?[other])
                    yield return other;
            }
        }
    }

    private bool HasCell(int row) => !double.IsNaN(_cells[0][row]);

    private (int I, int J, int K) Cell(int row) => ((int)_cells[0][row], (int)_cells[1][row], (int)_cells[2][row]);

    /// <summary>Whether two fixels point along nearly the same axis; their sign has no meaning. True for voxels.</summary>
    private bool AreParallel(int one, int other)
    {
        if (_directions is null)
            return true;
        var (dot, first, second) = (0.0, 0.0, 0.0);
        foreach (var axis in _directions)
        {
            dot += axis[one] * axis[other];
            first += axis[one] * axis[one];
            second += axis[other] * axis[other];
        }
        return dot * dot > 0.5 * first * second; // the squared cosine of 45 degrees
    }
}
