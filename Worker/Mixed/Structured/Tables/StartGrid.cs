using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// Points from which the search may start, a lattice over the diagonals of the relative factors, with what does not depend on the
/// response. The search starts at each local minimum of the lattice, so that the global minimum of a criterion with several is found.
/// </summary>
internal sealed class StartGrid
{
    private const double Middle = 0.6;
    private const double LnHundred = 4.605170185988091;

    /// <summary>Values per diagonal, by the number of diagonals.</summary>
    private static readonly int[] Steps = [0, 12, 6, 4, 3, 2];

    private readonly int[] _diagonals;
    private readonly int _steps;

    public StartGrid(RandomStructure structure)
    {
        _diagonals = [.. Enumerable.Range(0, structure.Parameters.Count).Where(k => structure.Parameters[k].IsDiagonal)];
        _steps = _diagonals.Length < Steps.Length ? Steps[_diagonals.Length] : 1;
        Strides = new int[_diagonals.Length];
        var count = 1;
        for (var d = 0; d < _diagonals.Length; count *= _steps, d++)
            Strides[d] = count;
        Points = new ProfilePoint[count];
        for (var i = 0; i < count; i++)
        {
            Points[i] = new(structure.Parameters.Count);
            for (var d = 0; d < _diagonals.Length; d++)
                Points[i].Theta[_diagonals[d]] = Value(Step(i, d));
        }
    }

    /// <summary>The points.</summary>
    public ProfilePoint[] Points { get; }

    /// <summary>Whether the points are those of the design.</summary>
    public bool IsComputed { get; set; }

    private int[] Strides { get; }

    /// <summary>Whether no neighbour of a point has a smaller value.</summary>
    public bool IsLocalMinimum(ReadOnlySpan<double> values, int point)
    {
        for (var d = 0; d < _diagonals.Length; d++)
        {
            var step = Step(point, d);
            if (step > 0 && values[point - Strides[d]] <= values[point])
                return false;
            if (step < _steps - 1 && values[point + Strides[d]] < values[point])
                return false;
        }
        return !double.IsNaN(values[point]);
    }

    /// <summary>The parameter of each diagonal.</summary>
    public ReadOnlySpan<int> DiagonalParameters => _diagonals;

    /// <summary>ln of the ratio of neighbouring values of a diagonal.</summary>
    public double LogRatio => LnHundred / Math.Max(1, _steps - 1);

    /// <summary>The number of diagonals.</summary>
    public int Diagonals => _diagonals.Length;

    /// <summary>The neighbour of a point with the next smaller value of a diagonal; -1: none.</summary>
    public int Below(int point, int diagonal) => Step(point, diagonal) > 0 ? point - Strides[diagonal] : -1;

    /// <summary>The neighbour of a point with the next larger value of a diagonal; -1: none.</summary>
    public int Above(int point, int diagonal) => Step(point, diagonal) < _steps - 1 ? point + Strides[diagonal] : -1;

    private int Step(int point, int diagonal) => point / Strides[diagonal] % _steps;

    /// <summary>Geometric values from 0.06 to 6.</summary>
    private double Value(int step) => _steps == 1 ? Middle : Middle / 10 * ReproducibleMath.Exp(LnHundred * step / (_steps - 1));
}
