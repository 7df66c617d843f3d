using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Profile;

/// <summary>
/// The criterion of one element, profiled to the relative covariance factors θ: -2 log L, restricted or not, as lme4 defines it (Bates,
/// Mächler, Bolker, Walker 2015, J. Stat. Softw. 67(1), equations 34 and 41), with its gradient and Hessian. A reused workspace of one
/// thread.
/// </summary>
/// <remarks>
/// With the dense block B and c = T'E'V⁻¹r (<see cref="ProfilePoint"/>), the residual sum of squares is s = r'V⁻¹r - c'B⁻¹c. Let F be B
/// bordered by c and r'V⁻¹r, u = B⁻¹c and w = (-u, 1): then ds = w'(dF)w and d²s = w'(d²F)w - 2 (dF w)'B⁻¹(dF w), and log determinants
/// have the usual traces, so that derivatives of F suffice. Second derivatives in the absorbed factor are contracted class by class and
/// never formed.
/// </remarks>
internal sealed class StructuredProfile
{
    private readonly bool _isRestricted;
    private readonly RandomStructure _structure;
    private readonly RelativeFactors _factors;
    private readonly AbsorbedInformation _absorbed;
    private readonly AbsorbedCurvature _curvature;
    private readonly ResponseSums _sums;
    private readonly ProfilePoint _point;
    private readonly double[] _information;
    private readonly double[] _product;
    private readonly double[] _dense;
    private readonly double[] _cross;
    private readonly double[] _solution;
    private readonly double[] _inverse;
    private readonly double[] _lower;
    private readonly double[] _matrix;
    private readonly double[] _weights;
    private readonly double[][] _products;
    private readonly double[][] _slopes;
    private readonly double[][] _solved;
    private readonly double[][] _crossSlopes;
    private readonly double[][] _pushes;
    private readonly double[] _logSlopes;
    private readonly double[] _squareSlopes;
    private readonly double[] _traceProducts;
    private StructuredDesign _design = null!;

    /// <summary>A workspace.</summary>
    /// <param name="isRestricted">Whether the likelihood is restricted.</param>
    /// <param name="columns">The number of columns of the model matrix.</param>
    /// <param name="structure">The random terms.</param>
    public StructuredProfile(bool isRestricted, int columns, RandomStructure structure)
    {
        (_isRestricted, _structure, _factors) = (isRestricted, structure, new(structure));
        var (size, count) = (structure.DenseColumns + columns, structure.Parameters.Count);
        _absorbed = new(structure.AbsorbedEffects, size);
        _curvature = new(structure, size);
        _sums = new(structure, columns);
        _point = new(count);
        (_information, _product, _dense) = (new double[size * size], new double[size * size], new double[size * size]);
        (_inverse, _lower, _matrix) = (new double[size * size], new double[size * size], new double[size * size]);
        (_cross, _solution) = (new double[size], new double[size]);
        _weights = new double[
            structure.Factors[structure.Absorbed].Levels * (structure.AbsorbedEffects * (structure.AbsorbedEffects + 1) / 2)
        ];
        _products = [.. structure.Parameters.Select(one => new double[IsAbsorbed(one) ? size * size : 0])];
        (_slopes, _solved) = (Matrices(), Matrices());
        (_crossSlopes, _pushes) = (Vectors(), Vectors());
        (_logSlopes, _squareSlopes, _traceProducts) = (new double[count], new double[count], new double[count * count]);
        (Gradient, Hessian, SigmaHessian) = (new double[count], new double[count * count], new double[count * count]);

        double[][] Matrices() => [.. structure.Parameters.Select(_ => new double[size * size])];
        double[][] Vectors() => [.. structure.Parameters.Select(_ => new double[size])];
    }

    /// <summary>The criterion at the last point.</summary>
    public double Criterion { get; private set; }

    /// <summary>The generalised residual sum of squares at the last point.</summary>
    public double Squares { get; private set; }

    /// <summary>The divisor of <see cref="Squares"/> in the residual variance.</summary>
    public int Degrees => _isRestricted ? _design.Rows - _design.Rank : _design.Rows;

    /// <summary>θ of the last point.</summary>
    public ReadOnlySpan<double> Theta => _point.Theta;

    /// <summary>The relative factors of the last point.</summary>
    public RelativeFactors Factors => _factors;

    /// <summary>The gradient of the criterion.</summary>
    public double[] Gradient { get; }

    /// <summary>The Hessian of the criterion.</summary>
    public double[] Hessian { get; }

    /// <summary>The Hessian in θ of -2 log L as a function of θ and σ, at the residual variance that minimises it.</summary>
    public double[] SigmaHessian { get; }

    /// <summary>The gradient of <see cref="Squares"/>.</summary>
    public ReadOnlySpan<double> SquareSlopes => _squareSlopes;

    /// <summary>The Cholesky factor of B at the last point.</summary>
    public ReadOnlySpan<double> Factor => _point.Factor;

    /// <summary>The derivative of B in a parameter.</summary>
    public ReadOnlySpan<double> InformationSlope(int parameter) => _slopes[parameter];

    /// <summary>What to add to the coordinates of ordinary least squares on Q.</summary>
    public ReadOnlySpan<double> Shift => _solution.AsSpan(_structure.DenseColumns, _design.Rank);

    /// <summary>Sums an element's residuals.</summary>
    /// <param name="design">The rows.</param>
    /// <param name="residuals">The residuals of ordinary least squares, scaled by the roots of weights.</param>
    public void Sum(StructuredDesign design, ReadOnlySpan<double> residuals)
    {
        _design = design;
        _sums.Sum(design, residuals);
        if (design.Grid.IsComputed)
            return;
        foreach (var point in design.Grid.Points)
            point.Compute(design, _factors, _absorbed, _information, _product, _dense);
        design.Grid.IsComputed = true;
    }

    /// <summary>The criterion at a point of the grid.</summary>
    public double ValueAt(ProfilePoint point)
    {
        _factors.Set(point.Theta);
        return Solve(point);
    }

    /// <summary>Computes everything at θ; returns the criterion, NaN if rounding made an information matrix indefinite.</summary>
    public double Differentiate(ReadOnlySpan<double> theta)
    {
        theta.CopyTo(_point.Theta);
        _point.Compute(_design, _factors, _absorbed, _information, _product, _dense);
        Criterion = Solve(_point);
        if (double.IsNaN(Criterion))
            return Criterion;
        Cholesky.SolveUpper(_point.Factor, _design.Size, _solution.AsSpan(0, _design.Size));
        Invert();
        for (var k = 0; k < Gradient.Length; k++)
        {
            if (IsAbsorbed(_structure.Parameters[k]))
                SlopeOfAbsorbed(k);
            else
                SlopeOfDense(k);
            FinishSlope(k);
        }
        Curve();
        return Criterion;
    }

    /// <summary>Solves L x = c into the solution; returns the criterion.</summary>
    private double Solve(ProfilePoint point)
    {
        var size = _design.Size;
        var cross = _cross.AsSpan(0, size);
        _sums.Within[..size].CopyTo(cross);
        Squares = _sums.WithinSquares + _sums.Accumulate(_design, point.Inverses, cross);
        var solution = _solution.AsSpan(0, size);
        cross.CopyTo(solution);
        _factors.TransposedTimes(solution);
        Squares -= Cholesky.SolveLower(point.Factor, size, solution);
        var logDeterminant = _isRestricted ? point.RestrictedLogDeterminant + _design.LogDeterminant : point.LogDeterminant;
        return Squares > 0
            ? logDeterminant - _design.LogWeights + (Degrees * (1 + ReproducibleMath.Log(Math.Tau * Squares / Degrees)))
            : double.NaN;
    }

    /// <summary>The inverse of the part of B whose determinant is in the criterion: all of it, or the random effects' only.</summary>
    private void Invert()
    {
        var (size, part) = (_design.Size, LogSize);
        var lower = _lower.AsSpan(0, size * size);
        var inverse = _inverse.AsSpan(0, size * size);
        inverse.Clear();
        for (var i = 0; i < part; i++)
        {
            var row = lower.Slice(i * size, i + 1);
            row.Clear();
            row[i] = 1;
            for (var k = 0; k < i; k++)
                FixedOrder.Add(-_point.Factor[(i * size) + k], lower.Slice(k * size, k + 1), row[..(k + 1)]);
            var pivot = 1 / _point.Factor[(i * size) + i];
            for (var k = 0; k <= i; k++)
                row[k] *= pivot;
            for (var k = 0; k <= i; k++)
                FixedOrder.Add(row[k], row, inverse.Slice(k * size, i + 1));
        }
    }

    private int LogSize => _isRestricted ? _design.Size : _structure.DenseColumns;

    private bool IsAbsorbed(ThetaParameter parameter) => _structure.Terms[parameter.Term].IsAbsorbed;

    private void SlopeOfAbsorbed(int k)
    {
        var (size, (index, row, column)) = (_design.Size, _structure.Parameters[k]);
        var start = _structure.Terms[index].Start;
        var cross = _crossSlopes[k].AsSpan(0, size);
        _logSlopes[k] = _absorbed.Differentiate(_design.Groups, _factors.Absorbed, _point.Inverses, start + row, start + column, _weights);
        _matrix.AsSpan(0, size * size).Clear();
        cross.Clear();
        _absorbed.Accumulate(_design, _weights, _matrix);
        _squareSlopes[k] = _sums.Accumulate(_design, _weights, cross);
        _curvature.KeepCross(k, cross);
        ProfilePoint.Congruent(_factors, _matrix, _products[k], _slopes[k], size);
        _factors.TransposedTimes(cross);
    }

    private void SlopeOfDense(int k)
    {
        var (size, (index, row, column)) = (_design.Size, _structure.Parameters[k]);
        var term = _structure.Terms[index];
        var slope = _slopes[k].AsSpan(0, size * size);
        var cross = _crossSlopes[k].AsSpan(0, size);
        slope.Clear();
        cross.Clear();
        (_logSlopes[k], _squareSlopes[k]) = (0, 0);
        var end = term.Start + (term.Effects * _structure.Factors[term.Factor].Levels);
        for (var at = term.Start; at < end; at += term.Effects)
        {
            var source = _product.AsSpan((at + row) * size, size);
            for (var c = 0; c < size; c++)
            {
                slope[((at + column) * size) + c] += source[c];
                slope[(c * size) + at + column] += source[c];
            }
            cross[at + column] = _cross[at + row];
        }
    }

    /// <summary>The gradient, B⁻¹ dB and dF w from the derivatives of B and c.</summary>
    private void FinishSlope(int k)
    {
        var (size, part, kappa) = (_design.Size, LogSize, Degrees / Squares);
        var (slope, solved) = (_slopes[k], _solved[k]);
        var push = _pushes[k].AsSpan(0, size);
        _crossSlopes[k].AsSpan(0, size).CopyTo(push);
        var squares = _squareSlopes[k];
        var solution = _solution.AsSpan(0, size);
        for (var c = 0; c < size; c++)
        {
            var image = FixedOrder.Dot(solution, slope.AsSpan(c * size, size));
            squares += solution[c] * (image - (2 * push[c]));
            push[c] -= image;
        }
        _squareSlopes[k] = squares;
        var trace = 0.0;
        for (var i = 0; i < part; i++)
        {
            var target = solved.AsSpan(i * size, part);
            target.Clear();
            for (var l = 0; l < part; l++)
                FixedOrder.Add(_inverse[(i * size) + l], slope.AsSpan(l * size, part), target);
            trace += target[i];
        }
        Gradient[k] = _logSlopes[k] + trace + (kappa * squares);
        Cholesky.SolveLower(_point.Factor, size, push);
    }

    private void Curve()
    {
        var (size, part, count, kappa) = (_design.Size, LogSize, Gradient.Length, Degrees / Squares);
        for (var k = 0; k < count; k++)
        for (var l = 0; l <= k; l++)
        {
            var trace = 0.0;
            for (var i = 0; i < part; i++)
            for (var j = 0; j < part; j++)
                trace += _solved[k][(i * size) + j] * _solved[l][(j * size) + i];
            _traceProducts[(k * count) + l] = -trace - (2 * kappa * FixedOrder.Dot(_pushes[k].AsSpan(0, size), _pushes[l].AsSpan(0, size)));
        }
        _curvature.Prepare(_design, _factors, _inverse, _solution, kappa, _point, _absorbed, _sums);
        for (var k = 0; k < count; k++)
        for (var l = 0; l <= k; l++)
        {
            var value = _traceProducts[(k * count) + l] + Contract(k, l);
            var relative = kappa * kappa * _squareSlopes[k] * _squareSlopes[l] / Degrees;
            SigmaHessian[(k * count) + l] = SigmaHessian[(l * count) + k] = value;
            Hessian[(k * count) + l] = Hessian[(l * count) + k] = value - relative;
        }
    }

    private double Contract(int k, int l)
    {
        var (first, second) = (_structure.Parameters[k], _structure.Parameters[l]);
        return (IsAbsorbed(first), IsAbsorbed(second)) switch
        {
            (true, true) => _curvature.OfAbsorbed(k, l),
            (true, false) => _curvature.Mixed(k, _products[k], second),
            (false, true) => _curvature.Mixed(l, _products[l], first),
            _ => _curvature.OfDense(_information, first, second),
        };
    }
}
