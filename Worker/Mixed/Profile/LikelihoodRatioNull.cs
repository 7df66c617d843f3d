using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed.Profile;

/// <summary>
/// The distribution of the likelihood ratio statistic of the variance between groups if there is none, restricted or not, in finite
/// samples: simulated once for the rows of a design and used for every element with these rows. A reused workspace.
/// </summary>
/// <remarks>
/// Crainiceanu and Ruppert (2004), J. R. Stat. Soc. B 66, 165-185. With μ the eigenvalues of Z'(I - QQ')Z, w² independent chi-square with
/// the multiplicities of μ, r² one with the remaining residual degrees of freedom, and ν the degrees of the criterion, the statistic is the
/// supremum over t ≥ 0 of ν ln((Σ w² + r²) / (Σ w² / (1 + t μ) + r²)) - Σ ln(1 + t μ); without restriction the last sum is over the masses
/// of the groups. The supremum is searched for as that of an element (<see cref="VarianceProfile"/>).
/// </remarks>
internal sealed class LikelihoodRatioNull
{
    /// <summary>The number of simulated statistics: a p-value has a standard error of √(p (1 - p) / 10,000) at most.</summary>
    public const int Draws = 10_000;

    private const int MaxSteps = 100;
    private const double Precision = 1e-8;
    private const double MaxRatio = 1e14;

    private readonly double[] _criteria = new double[ProfileGrid.Points];
    private readonly double[] _logarithms = new double[ProfileGrid.Points];
    private double[] _sorted = [];
    private double[] _values = [];
    private double[] _squares = [];
    private double[] _shrinkage = [];
    private double[] _logValues = [];
    private int[] _logCounts = [];
    private int _degrees;
    private double _rest;
    private double _total;

    /// <summary>Whether the distribution is that of the design.</summary>
    public bool IsComputed { get; set; }

    /// <summary>The simulated statistics, ascending.</summary>
    public ReadOnlySpan<double> Sorted => _sorted;

    /// <summary>Simulates the distribution, unless it is computed.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="isRestricted">Whether likelihoods are restricted.</param>
    public void Ensure(GroupedDesign design, bool isRestricted)
    {
        if (IsComputed)
            return;
        Prepare(design, isRestricted, out var multiplicities, out var remaining);
        if (_sorted.Length == 0)
            _sorted = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < _squares.Length; i++)
                _squares[i] = ChiSquareDraws.Draw(draw, i + 1, multiplicities[i]);
            _rest = ChiSquareDraws.Draw(draw, 0, remaining);
            _sorted[draw] = Statistic();
        }
        Array.Sort(_sorted);
        IsComputed = true;
    }

    /// <summary>
    /// The p-value of a statistic: the observed value counts as one of those under the hypothesis, so that it is never 0 (Davison and
    /// Hinkley 1997, Bootstrap Methods and their Application, section 4.2). NaN of NaN.
    /// </summary>
    public double P(double statistic)
    {
        if (double.IsNaN(statistic))
            return double.NaN;
        var (low, high) = (0, Draws);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _sorted[middle] < statistic ? (middle + 1, high) : (low, middle);
        }
        return (1.0 + (Draws - low)) / (Draws + 1.0);
    }

    private void Prepare(GroupedDesign design, bool isRestricted, out int[] multiplicities, out int remaining)
    {
        var eigenvalues = GroupEigenvalues.Create(design);
        (_values, multiplicities) = (eigenvalues.Values, eigenvalues.Multiplicities);
        _squares = new double[_values.Length];
        remaining = design.Rows - design.Rank - multiplicities.Sum();
        _degrees = isRestricted ? design.Rows - design.Rank : design.Rows;
        (_logValues, _logCounts) = isRestricted
            ? (_values, multiplicities)
            : (design.Mass[..design.Classes], design.Count[..design.Classes]);
        _shrinkage = new double[ProfileGrid.Points * _values.Length];
        for (var point = 0; point < ProfileGrid.Points; point++)
        {
            for (var i = 0; i < _values.Length; i++)
                _shrinkage[(point * _values.Length) + i] = 1 / (1 + (ProfileGrid.Values[point] * _values[i]));
            _logarithms[point] = LogDeterminant(ProfileGrid.Values[point]);
        }
    }

    private double LogDeterminant(double t)
    {
        var sum = 0.0;
        for (var i = 0; i < _logValues.Length; i++)
            sum += _logCounts[i] * ReproducibleMath.Log1p(t * _logValues[i]);
        return sum;
    }

    /// <summary>The statistic of the current draw.</summary>
    private double Statistic()
    {
        _total = _rest;
        foreach (var square in _squares)
            _total += square;
        for (var point = 0; point < ProfileGrid.Points; point++)
        {
            var squares = _rest;
            var shrinkage = _shrinkage.AsSpan(point * _squares.Length, _squares.Length);
            for (var i = 0; i < _squares.Length; i++)
                squares += shrinkage[i] * _squares[i];
            _criteria[point] = Criterion(_logarithms[point], squares);
        }
        var least = 0.0;
        for (var point = 0; point < ProfileGrid.Points; point++)
        {
            var isLast = point == ProfileGrid.Points - 1;
            if ((point > 0 && _criteria[point] > _criteria[point - 1]) || (!isLast && !(_criteria[point] <= _criteria[point + 1])))
                continue;
            least = Math.Min(least, Refine(point));
        }
        return -least;
    }

    private double Criterion(double logDeterminant, double squares) => logDeterminant + (_degrees * ReproducibleMath.Log(squares / _total));

    /// <summary>The criterion at the minimum next to a point of the grid.</summary>
    private double Refine(int point)
    {
        var grid = ProfileGrid.Values;
        double low = grid[Math.Max(0, point - 1)],
            high = point == grid.Length - 1 ? double.PositiveInfinity : grid[point + 1],
            t = grid[point];
        for (var step = 0; step < MaxSteps; step++)
        {
            var (slope, bend) = Differentiate(t);
            if (t == 0 && slope >= 0)
                return 0;
            if (t > MaxRatio)
                break;
            (low, high) = slope < 0 ? (t, high) : (low, t);
            var next = BracketedStep.Next(t, slope, bend, low, high);
            var isFound = Math.Abs(next - t) <= Precision * t;
            t = next;
            if (isFound)
                break;
        }
        var squares = _rest;
        for (var i = 0; i < _squares.Length; i++)
            squares += _squares[i] / (1 + (t * _values[i]));
        return Criterion(LogDeterminant(t), squares);
    }

    private (double Slope, double Bend) Differentiate(double t)
    {
        double squares = _rest,
            first = 0,
            second = 0,
            slope = 0,
            bend = 0;
        for (var i = 0; i < _squares.Length; i++)
        {
            var v = 1 / (1 + (t * _values[i]));
            var part = v * _squares[i];
            var change = v * _values[i];
            squares += part;
            first -= change * part;
            second += 2 * change * change * part;
        }
        for (var i = 0; i < _logValues.Length; i++)
        {
            var change = _logValues[i] / (1 + (t * _logValues[i]));
            slope += _logCounts[i] * change;
            bend -= _logCounts[i] * change * change;
        }
        var relative = first / squares;
        return (slope + (_degrees * relative), bend + (_degrees * ((second / squares) - (relative * relative))));
    }
}
