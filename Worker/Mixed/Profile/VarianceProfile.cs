using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed.Profile;

/// <summary>
/// The criterion of one element, profiled to the ratio t of the variances of groups and residuals, and its minimum. -2 log L, restricted or
/// not, as lme4 defines it (Bates, Mächler, Bolker, Walker 2015, J. Stat. Softw. 67(1), equations 34 and 41). A reused workspace of one
/// thread.
/// </summary>
/// <remarks>
/// Derivatives: with P = V⁻¹ - V⁻¹Q(Q'V⁻¹Q)⁻¹Q'V⁻¹ and K = ZZ', dP/dt = -PKP (Searle, Casella, McCulloch 1992, Variance Components,
/// chapter 6), so that every sum is over classes.
/// </remarks>
internal sealed class VarianceProfile(bool isRestricted, int columns, int levels)
{
    private const int MaxSteps = 200;
    private const double MaxRatio = 1e14;

    private readonly double[] _crossSums = new double[levels * columns];
    private readonly double[] _squareSums = new double[levels];
    private readonly double[] _shrinkage = new double[levels];
    private readonly double[] _criteria = new double[ProfileGrid.Points];
    private readonly double[] _factor = new double[columns * columns];
    private readonly double[] _slope = new double[columns * columns];
    private readonly double[] _bend = new double[columns * columns];
    private readonly double[] _shift = new double[columns];
    private readonly double[] _push = new double[columns];
    private readonly double[] _column = new double[columns];
    private readonly double[] _products = new double[columns * columns];
    private GroupedDesign _design = null!;
    private double _withinSquares;
    private double _logSlope;
    private double _logBend;
    private double _squaresSlope;
    private double _squaresBend;

    private double Ratio { get; set; }

    private double Criterion { get; set; }

    private double Squares { get; set; }

    private int Degrees => isRestricted ? _design.Rows - _design.Rank : _design.Rows;

    /// <summary>Copies what belongs to the minimum.</summary>
    /// <param name="solution">Receives it; its coordinates, those of ordinary least squares on Q, become those at the minimum.</param>
    public void Store(MixedSolution solution)
    {
        var rank = _design.Rank;
        (solution.Tables, solution.Ratio, solution.Criterion) = (_design, Ratio, Criterion);
        (solution.Squares, solution.Degrees, solution.SquaresSlope) = (Squares, Degrees, _squaresSlope);
        solution.OrdinarySquares = _withinSquares;
        for (var k = 0; k < _design.Classes; k++)
            solution.OrdinarySquares += _squareSums[k] / _design.Mass[k];
        solution.Slope = _logSlope + (_squaresSlope / solution.Variance);
        solution.Curvature = _logBend + (_squaresBend / solution.Variance);
        for (var c = 0; c < rank; c++)
        {
            var column = solution.Inverse.AsSpan(c * rank, rank);
            column.Clear();
            column[c] = 1;
            Cholesky.SolveLower(_factor, rank, column);
            Cholesky.SolveUpper(_factor, rank, column);
        }
        _slope.AsSpan(0, rank * rank).CopyTo(solution.InformationSlope);
        for (var c = 0; c < rank; c++)
            solution.Coordinates[c] += _shift[c];
    }

    /// <summary>Sums the residuals of ordinary least squares by class.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="residuals">The residuals, scaled by the roots of weights.</param>
    public void Sum(GroupedDesign design, ReadOnlySpan<double> residuals)
    {
        _design = design;
        var rank = design.Rank;
        _crossSums.AsSpan(0, design.Classes * rank).Clear();
        _squareSums.AsSpan(0, design.Classes).Clear();
        _withinSquares = 0;
        var from = 0;
        for (var group = 0; group < design.Groups; group++)
        {
            var (end, sum) = (design.GroupEnd[group], 0.0);
            for (var row = from; row < end; row++)
                sum += design.Root[row] * residuals[row];
            var mean = sum / design.GroupMass[group];
            for (var row = from; row < end; row++)
            {
                var deviation = residuals[row] - (design.Root[row] * mean);
                _withinSquares += deviation * deviation;
            }
            from = end;
            var k = design.ClassOfGroup[group];
            _squareSums[k] += sum * sum;
            for (var c = 0; c < rank; c++)
                _crossSums[(k * rank) + c] += sum * design.GroupSums[(group * rank) + c];
        }
    }

    /// <summary>Finds the global minimum; false if the criterion falls without bound.</summary>
    public bool Minimise()
    {
        for (var point = 0; point < ProfileGrid.Points; point++)
            _criteria[point] = CriterionAt(point);
        (double T, double Value) best = (double.NaN, double.PositiveInfinity);
        for (var point = 0; point < ProfileGrid.Points; point++)
        {
            var isLast = point == ProfileGrid.Points - 1;
            if ((point > 0 && _criteria[point] > _criteria[point - 1]) || (!isLast && !(_criteria[point] <= _criteria[point + 1])))
                continue;
            var found = Refine(point);
            if (double.IsNaN(found))
                return false;
            var value = Differentiate(found);
            if (value < best.Value)
                best = (found, value);
        }
        if (double.IsNaN(best.T))
            return false;
        if (best.T != Ratio)
            Differentiate(best.T);
        return Squares > 0;
    }

    private double CriterionAt(int point)
    {
        var (grid, rank) = (_design.Grid, _design.Rank);
        var shrinkage = grid.Shrinkage(point);
        var squares = Projections(ProfileGrid.Values[point], shrinkage, _push);
        squares -= Cholesky.SolveLower(grid.Factor(point), rank, _push.AsSpan(0, rank));
        return Value(isRestricted ? grid.RestrictedLogDeterminants[point] : grid.LogDeterminants[point], squares);
    }

    /// <summary>Q'V⁻¹r into <paramref name="target"/>; returns r'V⁻¹r.</summary>
    private double Projections(double t, ReadOnlySpan<double> shrinkage, Span<double> target)
    {
        var (rank, squares) = (_design.Rank, _withinSquares);
        target[..rank].Clear();
        for (var k = 0; k < _design.Classes; k++)
        {
            squares += shrinkage[k] * _squareSums[k] / _design.Mass[k];
            var factor = -t * shrinkage[k];
            for (var c = 0; c < rank; c++)
                target[c] += factor * _crossSums[(k * rank) + c];
        }
        return squares;
    }

    private double Value(double logDeterminants, double squares) =>
        logDeterminants
        + (isRestricted ? _design.LogDeterminant : 0)
        - _design.LogWeights
        + (Degrees * (1 + ReproducibleMath.Log(Math.Tau * squares / Degrees)));

    /// <summary>
    /// The minimum next to a point of the grid: Newton's steps for a root of the derivative, inside a bracket that shrinks. NaN if there
    /// is none.
    /// </summary>
    private double Refine(int point)
    {
        var values = ProfileGrid.Values;
        double low = values[Math.Max(0, point - 1)],
            high = point == values.Length - 1 ? double.PositiveInfinity : values[point + 1],
            t = values[point];
        for (var step = 0; step < MaxSteps; step++)
        {
            Differentiate(t);
            var slope = _logSlope + (Degrees * _squaresSlope / Squares);
            var relative = _squaresSlope / Squares;
            var bend = _logBend + (Degrees * ((_squaresBend / Squares) - (relative * relative)));
            if (t == 0 && slope >= 0)
                return 0;
            if (double.IsNaN(slope) || t > MaxRatio)
                return double.NaN;
            (low, high) = slope < 0 ? (t, high) : (low, t);
            var next = BracketedStep.Next(t, slope, bend, low, high);
            if (Math.Abs(next - t) <= 1e-13 * t)
                return next;
            t = next;
        }
        return t;
    }

    /// <summary>Computes everything at t; returns the criterion.</summary>
    private double Differentiate(double t)
    {
        var (design, rank) = (_design, _design.Rank);
        var size = rank * rank;
        Ratio = t;
        var logDeterminant = ProfileGrid.ShrinkageAt(design, t, _shrinkage);
        ProfileGrid.Information(design, _shrinkage, _factor);
        var logInformation = ProfileGrid.FactorInformation(_factor, rank);
        Squares = Projections(t, _shrinkage, _shift) - Cholesky.SolveLower(_factor, rank, _shift);
        Cholesky.SolveUpper(_factor, rank, _shift);

        _slope.AsSpan(0, size).Clear();
        _bend.AsSpan(0, size).Clear();
        _push.AsSpan(0, rank).Clear();
        (_logSlope, _logBend, _squaresSlope, _squaresBend) = (0, 0, 0, 0);
        for (var k = 0; k < design.Classes; k++)
            AddClass(k);
        _squaresBend -= 2 * Cholesky.SolveLower(_factor, rank, _push);
        if (isRestricted)
            AddTraces();
        Criterion = Value(logDeterminant + (isRestricted ? logInformation : 0), Squares);
        return Criterion;
    }

    private void AddClass(int k)
    {
        var (rank, mass, v) = (_design.Rank, _design.Mass[k], _shrinkage[k]);
        var products = _design.Products.AsSpan(k * rank * rank, rank * rank);
        var cross = _crossSums.AsSpan(k * rank, rank);
        var residual = _squareSums[k];
        for (var a = 0; a < rank; a++)
        {
            var fitted = 0.0;
            for (var b = 0; b < rank; b++)
            {
                var product = products[(a * rank) + b];
                fitted += product * _shift[b];
                _slope[(a * rank) + b] -= v * v * product;
                _bend[(a * rank) + b] += 2 * mass * v * v * v * product;
            }
            residual += _shift[a] * (fitted - (2 * cross[a]));
            _push[a] += v * v * (cross[a] - fitted);
        }
        _logSlope += _design.Count[k] * mass * v;
        _logBend -= _design.Count[k] * mass * mass * v * v;
        _squaresSlope -= v * v * residual;
        _squaresBend += 2 * mass * v * v * v * residual;
    }

    /// <summary>Adds tr(M⁻¹M′) and tr(M⁻¹M″) - tr(M⁻¹M′M⁻¹M′), M = Q'V⁻¹Q.</summary>
    private void AddTraces()
    {
        var rank = _design.Rank;
        // B = M⁻¹M′ by columns; _bend's column is needed only for its diagonal.
        var solved = _products;
        for (var c = 0; c < rank; c++)
        {
            Solve(_bend, c);
            _logBend += _column[c];
            Solve(_slope, c);
            _logSlope += _column[c];
            for (var r = 0; r < rank; r++)
                solved[(r * rank) + c] = _column[r];
        }
        for (var a = 0; a < rank; a++)
        for (var b = 0; b < rank; b++)
            _logBend -= solved[(a * rank) + b] * solved[(b * rank) + a];
    }

    private void Solve(double[] matrix, int column)
    {
        var rank = _design.Rank;
        for (var r = 0; r < rank; r++)
            _column[r] = matrix[(r * rank) + column];
        Cholesky.SolveLower(_factor, rank, _column);
        Cholesky.SolveUpper(_factor, rank, _column);
    }
}
