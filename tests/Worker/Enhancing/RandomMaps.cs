using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.Tests.Enhancing;

/// <summary>Voxels of a ragged mask, and smooth maps of statistics on them, from fixed seeds.</summary>
internal sealed class RandomMaps
{
    private readonly Random _random;
    private readonly (int I, int J, int K)[] _cells;

    public RandomMaps(int edge, int seed, double kept = 0.8)
    {
        _random = new(seed);
        _cells =
        [
            .. from i in Enumerable.Range(0, edge)
            from j in Enumerable.Range(0, edge)
            from k in Enumerable.Range(0, edge)
            where _random.NextDouble() < kept
            select (i, j, k),
        ];
    }

    public int Count => _cells.Length;

    public IReadOnlyList<(int I, int J, int K)> Cells => _cells;

    public Neighbours Neighbours(VoxelContact contact) =>
        new VoxelCells(
            [.. _cells.Select(cell => cell.I)],
            [.. _cells.Select(cell => cell.J)],
            [.. _cells.Select(cell => cell.K)]
        ).FindNeighbours(contact);

    /// <summary>A sum of blobs and noise; with ties, zeros and, if wanted, missing elements.</summary>
    public float[] Map(double missing = 0)
    {
        var blobs = Enumerable
            .Range(0, 6)
            .Select(_ =>
                (Cell: _cells[_random.Next(Count)], Height: (_random.NextDouble() * 10) - 5, Width: 1 + (3 * _random.NextDouble()))
            )
            .ToList();
        return [.. _cells.Select(cell => _random.NextDouble() < missing ? float.NaN : Value(cell))];

        float Value((int I, int J, int K) cell)
        {
            var value = _random.NextDouble() - 0.5;
            foreach (var (centre, height, width) in blobs)
                value += height * Math.Exp(-(Square(cell.I - centre.I) + Square(cell.J - centre.J) + Square(cell.K - centre.K)) / width);
            return _random.Next(4) == 0 ? (float)Math.Round(value * 4) / 4 : (float)value;
        }

        static double Square(int difference) => difference * difference;
    }
}
