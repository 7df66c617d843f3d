using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>The criterion of a model with several simultaneously diagonal penalties: one inverse of H per evaluation.</summary>
/// <remarks>
/// With <c>C = H⁻¹</c>, Λ the sum of λⱼDⱼ and <c>B = C GᵀG C = C - C Λ C</c>: <c>∂γ/∂ρₖ = -C λₖDₖ γ</c>, <c>∂C/∂ρₖ = -C λₖDₖ C</c>, and the
/// traces that occur are sums over entries of C and B because the D are diagonal (Wood 2011, appendix C).
/// </remarks>
internal sealed class DenseCriterion : SmoothnessCriterion
{
    private readonly int _m;
    private readonly int _r;
    private readonly double[][] _diagonals;
    private readonly (int First, int Count)[] _seen; // per penalty, the coordinates from its first smooth to its last
    private readonly ScaledInverse _inverse;
    private readonly ScaledInverse? _mlInverse;
    private readonly DenseMatrix? _mlGram;
    private readonly double[] _total; // Λ
    private readonly double[][] _penalties; // λⱼDⱼ
    private readonly double[][] _shares; // λⱼDⱼ Λ⁻¹
    private readonly double[] _coefficients; // γ
    private readonly double[] _target; // Gᵀf
    private readonly double[] _rest; // f - Gγ
    private readonly double[] _loaded; // C Λ γ
    private readonly double[][] _pulls; // λⱼDⱼ γ
    private readonly double[][] _slopes; // ∂γ/∂ρ
    private readonly double[] _ofData; // diagonal of B
    private readonly double[] _scratch;
    private readonly DenseMatrix _squares; // per penalty and coordinate, Σ λⱼDⱼ C², or with B C in place of C²
    private readonly DenseMatrix _dataPart; // B, for prediction error criteria

    /// <summary>Creates the workspace for a design whose penalties are diagonal.</summary>
    public DenseCriterion(GamDesign design)
        : base(design)
    {
        (_m, _r) = (design.PenaltyCount, design.PenalisedCount);
        _diagonals = [.. design.Diagonals!];
        _seen =
        [
            .. Enumerable
                .Range(0, _m)
                .Select(j =>
                {
                    var (first, last) = (design.SmoothsOf(j).First(), design.SmoothsOf(j).Last());
                    return (first.FirstPenalised, last.FirstPenalised + last.PenalisedCount - first.FirstPenalised);
                }),
        ];
        _inverse = new ScaledInverse(_r);
        if (design.MlFactor is { } ml)
            (_mlInverse, _mlGram) = (new ScaledInverse(_r), ml.Transposed().Times(ml));
        (_total, _coefficients, _target, _rest, _loaded, _ofData, _scratch) = (
            new double[_r],
            new double[_r],
            new double[_r],
            new double[_r],
            new double[_r],
            new double[_r],
            new double[_r]
        );
        (_penalties, _shares, _pulls, _slopes) = (ByPenalty(), ByPenalty(), ByPenalty(), ByPenalty());
        (_squares, _dataPart) = (new DenseMatrix(_m, _r), new DenseMatrix(_r, _r));
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => _coefficients;

    /// <inheritdoc/>
    public override double Influence(int i) => 1 - _inverse.Row(i)[i] * _total[i];

    /// <inheritdoc/>
    public override double InfluenceSquared(int i) => 1 - 2 * _inverse.Row(i)[i] * _total[i] + _total[i] * WeightedSquares(_inverse.Row(i));

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => _inverse.Row(i)[j];

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j)
    {
        ReadOnlySpan<double> a = _inverse.Row(i),
            b = _inverse.Row(j);
        var sum = a[j];
        for (var l = 0; l < _r; l++)
            sum -= a[l] * _total[l] * b[l];
        return sum;
    }

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < _r; i++)
            result[i] = FixedOrder.Dot(_inverse.Row(i), x);
    }

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < _r; i++)
            sum += _slopes[j][i] * FixedOrder.Dot(Design.Gram.Row(i), _slopes[k]);
        return sum;
    }

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        Array.Clear(_total);
        for (var j = 0; j < _m; j++)
        {
            for (var i = _seen[j].First; i < _seen[j].First + _seen[j].Count; i++)
                _penalties[j][i] = Lambda[j] * _diagonals[j][i];
            FixedOrder.Add(1, _penalties[j], _total);
        }
        var determinant = _inverse.Invert(Design.Gram, _total);
        if (double.IsNaN(determinant))
            return double.NaN;
        Fit(f, residual);
        for (var j = 0; j < _m; j++)
            SlopesOf(j);
        for (var j = 0; j < _m; j++)
        for (var k = 0; k <= j; k++)
            CurvaturesOf(j, k);
        Square(_inverse, null);
        Degrees();
        if (Design.Method.IsLikelihood())
            return Determinant(determinant);
        DegreesCurvatures();
        return 0;
    }

    private void Fit(ReadOnlySpan<double> f, double residual)
    {
        Array.Clear(_target);
        for (var i = 0; i < _r; i++)
            FixedOrder.Add(f[i], Design.Factor.Row(i), _target);
        double misfit = 0,
            penalty = 0;
        for (var i = 0; i < _r; i++)
            _coefficients[i] = FixedOrder.Dot(_inverse.Row(i), _target);
        for (var i = 0; i < _r; i++)
        {
            _rest[i] = f[i] - FixedOrder.Dot(Design.Factor.Row(i), _coefficients);
            misfit += _rest[i] * _rest[i];
            _scratch[i] = _total[i] * _coefficients[i];
            penalty += _scratch[i] * _coefficients[i];
        }
        for (var i = 0; i < _r; i++)
            _loaded[i] = FixedOrder.Dot(_inverse.Row(i), _scratch);
        Deviance = residual + misfit;
        PenalisedDeviance = Deviance + penalty;
    }

    private void SlopesOf(int j)
    {
        var (penalty, pull, slope) = (_penalties[j], _pulls[j], _slopes[j]);
        Array.Clear(slope);
        for (var i = _seen[j].First; i < _seen[j].First + _seen[j].Count; i++)
        {
            pull[i] = penalty[i] * _coefficients[i];
            FixedOrder.Add(-pull[i], _inverse.Row(i), slope);
        }
        PenalisedDevianceGradient[j] = FixedOrder.Dot(Seen(j, pull), Seen(j, _coefficients));
        DevianceGradient[j] = 2 * FixedOrder.Dot(Seen(j, pull), Seen(j, _loaded));
    }

    private void CurvaturesOf(int j, int k)
    {
        var pulled = FixedOrder.Dot(Seen(j, _pulls[j]), Seen(j, _slopes[k]));
        double both = 0,
            bent = 0;
        for (var i = 0; i < _r; i++)
            both += _total[i] * _slopes[j][i] * _slopes[k][i];
        for (var i = _seen[j].First; i < _seen[j].First + _seen[j].Count; i++)
            bent += _loaded[i] * _penalties[j][i] * _slopes[k][i];
        for (var i = _seen[k].First; i < _seen[k].First + _seen[k].Count; i++)
            bent += _loaded[i] * _penalties[k][i] * _slopes[j][i];
        var same = j == k ? 1 : 0;
        Set(PenalisedDevianceHessian, j, k, same * PenalisedDevianceGradient[j] + 2 * pulled);
        Set(DevianceHessian, j, k, same * DevianceGradient[j] - 2 * (pulled + both - bent));
    }

    private void Degrees()
    {
        double degrees = _r;
        for (var i = 0; i < _r; i++)
        {
            var own = _inverse.Row(i)[i];
            degrees -= own * _total[i];
            _ofData[i] = own;
            for (var k = 0; k < _m; k++)
                _ofData[i] -= _squares[k, i];
        }
        EffectiveDegrees = Design.UnpenalisedCount + degrees;
        for (var j = 0; j < _m; j++)
            DegreesGradient[j] = -FixedOrder.Dot(Seen(j, _penalties[j]), Seen(j, _ofData));
    }

    private void DegreesCurvatures()
    {
        for (var i = 0; i < _r; i++)
        {
            var row = _dataPart.Row(i);
            _inverse.Row(i).CopyTo(row);
            for (var l = 0; l < _r; l++)
                FixedOrder.Add(-_inverse.Row(i)[l] * _total[l], _inverse.Row(l), row);
        }
        Square(_inverse, _dataPart);
        for (var j = 0; j < _m; j++)
        for (var k = 0; k <= j; k++)
            Set(DegreesHessian, j, k, 2 * Crossed(j, k) + (j == k ? DegreesGradient[j] : 0));
    }

    private double Determinant(double logOfInverse)
    {
        var source = _inverse;
        if (_mlInverse is not null)
        {
            logOfInverse = _mlInverse.Invert(_mlGram!, _total);
            source = _mlInverse;
            Square(source, null);
        }
        var penalty = new LogarithmOfProduct();
        for (var i = 0; i < _r; i++)
            penalty.Multiply(_total[i]);
        for (var j = 0; j < _m; j++)
        {
            var trace = 0.0;
            for (var i = _seen[j].First; i < _seen[j].First + _seen[j].Count; i++)
            {
                _shares[j][i] = _penalties[j][i] == 0 ? 0 : _penalties[j][i] / _total[i];
                trace += _penalties[j][i] * source.Row(i)[i] - _shares[j][i];
            }
            DeterminantGradient[j] = 0.5 * trace;
            for (var k = 0; k <= j; k++)
            {
                var ratios = Overlap(j, k) ? FixedOrder.Dot(Seen(j, _shares[j]), Seen(j, _shares[k])) : 0;
                Set(DeterminantHessian, j, k, 0.5 * ((j == k ? trace : 0) - Crossed(j, k) + ratios));
            }
        }
        return logOfInverse + Design.LogDeterminantOfUnpenalised - penalty.Value;
    }

    /// <summary>Per penalty and coordinate i, <c>Σₗ λⱼDⱼₗ Cᵢₗ²</c>, or with <paramref name="other"/>'s entries for one of the
    /// two.</summary>
    private void Square(ScaledInverse source, DenseMatrix? other)
    {
        for (var i = 0; i < _r; i++)
        {
            var row = source.Row(i);
            var right = other is null ? row : other.Row(i);
            for (var l = 0; l < _r; l++)
                _scratch[l] = row[l] * right[l];
            for (var j = 0; j < _m; j++)
                _squares[j, i] = FixedOrder.Dot(Seen(j, _penalties[j]), Seen(j, _scratch));
        }
    }

    /// <summary><c>tr(λⱼDⱼ C λₖDₖ B)</c>, with B from the last call of <see cref="Square"/>.</summary>
    private double Crossed(int j, int k) => FixedOrder.Dot(Seen(j, _penalties[j]), _squares.Row(k).Slice(_seen[j].First, _seen[j].Count));

    private bool Overlap(int j, int k) =>
        _seen[j].First < _seen[k].First + _seen[k].Count && _seen[k].First < _seen[j].First + _seen[j].Count;

    private ReadOnlySpan<double> Seen(int penalty, double[] values) => values.AsSpan(_seen[penalty].First, _seen[penalty].Count);

    private double[][] ByPenalty() => [.. Enumerable.Range(0, _m).Select(_ => new double[_r])];

    private double WeightedSquares(ReadOnlySpan<double> row)
    {
        var sum = 0.0;
        for (var l = 0; l < _r; l++)
            sum += row[l] * row[l] * _total[l];
        return sum;
    }

    private void Set(Span<double> matrix, int j, int k, double value) => matrix[j * _m + k] = matrix[k * _m + j] = value;
}
