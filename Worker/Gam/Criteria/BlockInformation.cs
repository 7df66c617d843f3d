using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The information <c>H = J + Λ</c>, <c>J = W + Σ Fᵀ C⁻¹ F</c>, of coefficients from which blocked effects have been eliminated:
/// inverse, log determinant, and derivatives in all parameters of the search. A workspace.
/// </summary>
internal sealed class BlockInformation
{
    private readonly BlockForms _forms;
    private readonly BlockedEffects _effects;
    private readonly ScaledInverse _inverse;
    private readonly DenseMatrix _penalised;
    private readonly double[] _diagonal;
    private readonly DenseMatrix[] _turned; // per parameter, H⁻¹ ∂H
    private readonly DenseMatrix[] _turnedBack; // its transpose
    private readonly double[][] _traces; // per class and pair, tr(H⁻¹ Φ)
    private readonly double[] _bend;
    private readonly int _first;
    private readonly DenseMatrix _spread;
    private readonly DenseMatrix _cubes;
    private readonly DenseMatrix _half;
    private bool _isSpread;

    /// <summary>Creates the workspace.</summary>
    /// <param name="effects">The effects.</param>
    /// <param name="forms">W and F.</param>
    /// <param name="first">The place of γ among the coordinates.</param>
    /// <param name="parameters">The number of parameters.</param>
    public BlockInformation(BlockedEffects effects, BlockForms forms, int first, int parameters)
    {
        (_effects, _forms, _first) = (effects, forms, first);
        var size = forms.Size;
        (_inverse, _penalised, _diagonal) = (new(size), new(size, size), new double[size]);
        (Data, Squares, _spread, _half, _cubes) = (new(size, size), new(size, size), new(size, size), new(size, size), new(size, size));
        Slopes = [.. Enumerable.Range(0, parameters).Select(_ => new DenseMatrix(size, size))];
        _turned = [.. Slopes.Select(_ => new DenseMatrix(size, size))];
        _turnedBack = [.. Slopes.Select(_ => new DenseMatrix(size, size))];
        _traces = [.. forms.Between.Select(pairs => new double[pairs.Length])];
        _bend = new double[effects.Effects * effects.Effects];
    }

    /// <summary>J.</summary>
    public DenseMatrix Data { get; }

    /// <summary><c>W + Σ Fᵀ C⁻² F</c>: the products of the columns of V⁻¹ Q.</summary>
    public DenseMatrix Squares { get; }

    /// <summary>∂H per parameter.</summary>
    public DenseMatrix[] Slopes { get; }

    /// <summary>A row of H⁻¹.</summary>
    public ReadOnlySpan<double> Inverse(int row) => _inverse.Row(row);

    /// <summary>Evaluates everything; returns log|H|, NaN if it is singular.</summary>
    /// <param name="classes">C.</param>
    /// <param name="penalties">Λ.</param>
    public double Evaluate(ClassCovariances classes, PenaltyBlocks penalties)
    {
        _isSpread = false;
        var size = _forms.Size;
        _forms.Within.Values.CopyTo(Data.Values, 0);
        _forms.Within.Values.CopyTo(Squares.Values, 0);
        for (var k = 0; k < _forms.Between.Length; k++)
        {
            Add(k, 1, classes.Inverses[k], Data);
            Add(k, 1, classes.Squares[k], Squares);
        }
        for (var j = 0; j < Slopes.Length; j++)
        {
            Array.Clear(Slopes[j].Values);
            if (_effects.EntryOf(j) < 0)
                penalties.AddSlope(j, Slopes[j], _first);
            for (var k = 0; _effects.EntryOf(j) >= 0 && k < _forms.Between.Length; k++)
                Add(k, -1, classes.Change(k, _effects.EntryOf(j)), Slopes[j]);
        }
        Array.Clear(_diagonal);
        penalties.Total.CopyTo(_diagonal, _first);
        _diagonal.AsSpan(_first + penalties.Total.Length).Fill(1);
        var matrix = Data;
        if (!penalties.IsDiagonal)
        {
            Data.Values.CopyTo(_penalised.Values, 0);
            penalties.AddOffDiagonal(_penalised, _first);
            matrix = _penalised;
        }
        var determinant = _inverse.Invert(matrix, _diagonal);
        if (double.IsNaN(determinant))
            return double.NaN;
        for (var j = 0; j < Slopes.Length; j++)
        for (var i = 0; i < size; i++)
        {
            FixedOrder.Combine(_inverse.Row(i), Slopes[j].Values, _turned[j].Row(i));
            FixedOrder.Combine(Slopes[j].Row(i), _inverse.Values, _turnedBack[j].Row(i));
        }
        for (var k = 0; k < _traces.Length; k++)
        for (var pair = 0; pair < _traces[k].Length; pair++)
            _traces[k][pair] = FixedOrder.Dot(_inverse.Values, _forms.Between[k][pair].Values);
        return determinant;
    }

    /// <summary>tr(H⁻¹ ∂H).</summary>
    public double Trace(int parameter)
    {
        var sum = 0.0;
        for (var i = 0; i < _forms.Size; i++)
            sum += _turned[parameter][i, i];
        return sum;
    }

    /// <summary>The second derivative of log|H|, the first parameter not before the second.</summary>
    public double Bend(int one, int other, ClassCovariances classes, PenaltyBlocks penalties)
    {
        var sum = -FixedOrder.Dot(_turned[one].Values, _turnedBack[other].Values);
        var (a, b) = (_effects.EntryOf(one), _effects.EntryOf(other));
        if (a < 0 && b < 0)
            return sum + penalties.BendTrace(one, other, new(_inverse.Values, _forms.Size, _first));
        for (var k = 0; a >= 0 && b >= 0 && k < _traces.Length; k++)
        {
            var rank = _effects.Triangles[k].Rows;
            var bend = _bend.AsSpan(0, rank * rank);
            classes.InverseBend(k, Math.Max(a, b), Math.Min(a, b), bend);
            sum += OfPairs(bend, _traces[k], rank);
        }
        return sum;
    }

    /// <summary>The derivative of tr(H⁻¹ <see cref="Squares"/>), the model's effective degrees of freedom without a constant.</summary>
    public double DegreesSlope(int parameter, ClassCovariances classes)
    {
        var sum = 0.0;
        // - tr(H⁻¹ ∂H H⁻¹ J₂)
        for (var i = 0; i < _forms.Size; i++)
        {
            FixedOrder.Combine(_turned[parameter].Row(i), _inverse.Values, _half.Row(i));
            sum -= FixedOrder.Dot(_half.Row(i), Squares.Row(i));
        }
        var entry = _effects.EntryOf(parameter);
        for (var k = 0; entry >= 0 && k < _traces.Length; k++)
        {
            // ∂C⁻² = -(C⁻¹ ∂C C⁻² + C⁻² ∂C C⁻¹), of which half is enough for a trace with a symmetric matrix.
            var rank = _effects.Triangles[k].Rows;
            var change = _bend.AsSpan(0, rank * rank);
            SmallMatrix.Multiply(classes.Change(k, entry), classes.Inverses[k], rank, change);
            for (var i = 0; i < rank; i++)
            for (var j = 0; j <= i; j++)
                change[(i * rank) + j] = change[(j * rank) + i] = change[(i * rank) + j] + change[(j * rank) + i];
            sum -= OfPairs(change, _traces[k], rank);
        }
        return sum;
    }

    /// <summary>tr(H⁻¹ M).</summary>
    public double Trace(DenseMatrix matrix) => FixedOrder.Dot(_inverse.Values, matrix.Values);

    /// <summary><c>H⁻¹ (J - J₂) H⁻¹</c>: the part of <c>H⁻¹ J H⁻¹</c> that passes through the effects.</summary>
    public DenseMatrix Spread()
    {
        if (_isSpread)
            return _spread;
        Data.Values.CopyTo(_spread.Values, 0);
        FixedOrder.Add(-1, Squares.Values, _spread.Values);
        for (var i = 0; i < _forms.Size; i++)
            FixedOrder.Combine(_inverse.Row(i), _spread.Values, _half.Row(i));
        for (var i = 0; i < _forms.Size; i++)
            FixedOrder.Combine(_half.Row(i), _inverse.Values, _spread.Row(i));
        _isSpread = true;
        return _spread;
    }

    /// <summary>
    /// Σ of squares of the entries of the influence matrix, <c>V⁻¹Q H⁻¹ QᵀV⁻¹</c> and the effects' own, without the constant of the latter.
    /// </summary>
    public double SquaredInfluence(ClassCovariances classes)
    {
        _forms.Within.Values.CopyTo(_cubes.Values, 0);
        for (var k = 0; k < _forms.Between.Length; k++)
            Add(k, 1, classes.Cubes[k], _cubes);
        var sum = 2 * (Trace(Squares) - Trace(_cubes));
        for (var i = 0; i < _forms.Size; i++)
            FixedOrder.Combine(_inverse.Row(i), Squares.Values, _half.Row(i));
        for (var i = 0; i < _forms.Size; i++)
        for (var j = 0; j < _forms.Size; j++)
            sum += _half[i, j] * _half[j, i];
        return sum;
    }

    /// <summary>H⁻¹ x, of padded vectors.</summary>
    public void SolvePadded(ReadOnlySpan<double> x, Span<double> result) => FixedOrder.Combine(x, _inverse.Values, result);

    private void Add(int k, double factor, ReadOnlySpan<double> weights, DenseMatrix target)
    {
        var (rank, pair) = (_effects.Triangles[k].Rows, 0);
        for (var b = 0; b < rank; b++)
        for (var a = 0; a <= b; a++, pair++)
            FixedOrder.Add(factor * weights[(a * rank) + b], _forms.Between[k][pair].Values, target.Values);
    }

    private static double OfPairs(ReadOnlySpan<double> weights, double[] traces, int rank)
    {
        var (sum, pair) = (0.0, 0);
        for (var b = 0; b < rank; b++)
        for (var a = 0; a <= b; a++, pair++)
            sum += weights[(a * rank) + b] * traces[pair];
        return sum;
    }
}
