using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The criterion by the textbook's orthogonal factorisation of the stacked data and penalty roots: for penalties that cannot be
/// diagonalised simultaneously, for nearly dependent columns, and as the reference of the faster implementations.
/// </summary>
/// <remarks>
/// With <c>[G; √λ E] = Q T</c>, H = TᵀT is never formed (Wood 2011, §3.2). In the coordinates <c>c = T⁻ᵀGᵀf</c> the fit is
/// <c>G T⁻¹ c</c>: its derivative is <c>-G T⁻¹ Kⱼ c</c>, and all traces are of products of the bounded <c>Kⱼ = T⁻ᵀ λⱼDⱼ T⁻¹</c>.
/// </remarks>
internal sealed class StackedCriterion : SmoothnessCriterion
{
    private readonly int _m;
    private readonly int _r;
    private readonly PenaltyDeterminant _gram;
    private readonly PenaltyDeterminant? _mlGram;
    private readonly PenaltyDeterminant[] _ranges;
    private readonly double[][] _change; // minus the derivative of fitted values
    private readonly double[] _fitted;
    private readonly double[] _shrunk; // f - fitted
    private readonly double[] _scratch;
    private readonly double[] _rotated; // c
    private readonly double[] _rotatedShrunk;
    private readonly double[][] _share; // Kⱼ c
    private readonly double[] _coefficients;
    private readonly DenseMatrix _gramOfFactor;
    private readonly DenseMatrix _product;
    private readonly DenseMatrix _triangleInverse;
    private readonly DenseMatrix _inverse;
    private readonly DenseMatrix _influence;
    private readonly DenseMatrix _ofData;

    /// <summary>Creates the workspace for a design with at least one penalty.</summary>
    public StackedCriterion(GamDesign design)
        : base(design)
    {
        (_m, _r) = (design.PenaltyCount, design.PenalisedCount);
        var roots = Enumerable.Range(0, _m).Select(j => (j, design.RootOf(j))).ToList();
        _gram = new PenaltyDeterminant(roots, design.Factor);
        _mlGram = design.MlFactor is { } ml ? new PenaltyDeterminant(roots, ml) : null;
        _ranges =
        [
            .. design
                .Smooths.Where(place => place.Smooth.Penalties.Count > 0)
                .Select(place => new PenaltyDeterminant(
                    [.. place.Coordinates.Roots.Select((root, j) => (place.FirstPenalty + j, root))],
                    data: null
                )),
        ];
        (_fitted, _shrunk, _scratch, _rotated, _rotatedShrunk, _coefficients) = (
            new double[_r],
            new double[_r],
            new double[_r],
            new double[_r],
            new double[_r],
            new double[_r]
        );
        _change = [.. Enumerable.Range(0, _m).Select(_ => new double[_r])];
        _share = [.. Enumerable.Range(0, _m).Select(_ => new double[_r])];
        (_gramOfFactor, _product, _triangleInverse) = (new DenseMatrix(_r, _r), new DenseMatrix(_r, _r), new DenseMatrix(_r, _r));
        (_inverse, _influence, _ofData) = (new DenseMatrix(_r, _r), new DenseMatrix(_r, _r), new DenseMatrix(_r, _r));
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => _coefficients;

    /// <inheritdoc/>
    public override double Influence(int i) => _influence[i, i];

    /// <inheritdoc/>
    public override double InfluenceSquared(int i)
    {
        var sum = 0.0;
        for (var l = 0; l < _r; l++)
            sum += _influence[i, l] * _influence[l, i];
        return sum;
    }

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => _inverse[i, j];

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j) => _ofData[i, j];

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result) => Apply(_inverse, x, result);

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k) => FixedOrder.Dot(_change[j], _change[k]);

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        var likelihood = Design.Method.IsLikelihood();
        DeterminantGradient.Clear();
        DeterminantHessian.Clear();
        var determinant = _gram.Evaluate(Lambda, likelihood && _mlGram is null ? 0.5 : 0, DeterminantGradient, DeterminantHessian);
        if (double.IsNaN(determinant))
            return double.NaN;
        if (likelihood)
        {
            if (_mlGram is not null)
                determinant = _mlGram.Evaluate(Lambda, 0.5, DeterminantGradient, DeterminantHessian);
            foreach (var range in _ranges)
                determinant -= range.Evaluate(Lambda, -0.5, DeterminantGradient, DeterminantHessian);
        }
        Deviances(f, residual);
        for (var j = 0; j < _m; j++)
            DerivativesOf(j);
        Invert();
        return determinant + Design.LogDeterminantOfUnpenalised;
    }

    private void Deviances(ReadOnlySpan<double> f, double residual)
    {
        var g = _gram.DataPart;
        ApplyTransposed(g, f, _rotated);
        Apply(g, _rotated, _fitted);
        double squares = 0,
            penalty = 0;
        for (var i = 0; i < _r; i++)
        {
            _shrunk[i] = f[i] - _fitted[i];
            squares += _shrunk[i] * _shrunk[i];
            penalty += _shrunk[i] * _fitted[i];
        }
        Deviance = residual + squares;
        PenalisedDeviance = Deviance + penalty;
        ApplyTransposed(g, _shrunk, _rotatedShrunk);
        Array.Clear(_gramOfFactor.Values);
        for (var row = 0; row < _r; row++)
        for (var i = 0; i < _r; i++)
            FixedOrder.Add(g[row, i], g.Row(row), _gramOfFactor.Row(i));
        EffectiveDegrees = Design.UnpenalisedCount + FixedOrder.Dot(g.Values, g.Values);
        for (var j = 0; j < _m; j++)
        {
            Apply(_gram.Share(j), _rotated, _share[j]);
            Apply(g, _share[j], _change[j]);
        }
    }

    private void DerivativesOf(int j)
    {
        Multiply(_gram.Share(j), _gramOfFactor, _product);
        PenalisedDevianceGradient[j] = FixedOrder.Dot(_rotated, _share[j]);
        DevianceGradient[j] = 2 * FixedOrder.Dot(_rotatedShrunk, _share[j]);
        var traceOne = FixedOrder.Dot(_gram.Share(j).Values, _gramOfFactor.Values);
        DegreesGradient[j] = -traceOne;
        for (var k = 0; k <= j; k++)
        {
            var same = j == k;
            Apply(_gram.Share(j), _share[k], _scratch);
            var bent = FixedOrder.Dot(_rotatedShrunk, _scratch);
            Apply(_gram.Share(k), _share[j], _scratch);
            bent += FixedOrder.Dot(_rotatedShrunk, _scratch);
            Set(PenalisedDevianceHessian, j, k, (same ? PenalisedDevianceGradient[j] : 0) - 2 * FixedOrder.Dot(_share[j], _share[k]));
            Set(DevianceHessian, j, k, 2 * FixedOrder.Dot(_change[j], _change[k]) - 2 * bent + (same ? DevianceGradient[j] : 0));
            var traceTwo = FixedOrder.Dot(_gram.Share(k).Values, _product.Values);
            Set(DegreesHessian, j, k, 2 * traceTwo - (same ? traceOne : 0));
        }
    }

    /// <summary>γ, <c>H⁻¹ = T⁻¹T⁻ᵀ</c> and its products with the data's part.</summary>
    private void Invert()
    {
        Array.Clear(_triangleInverse.Values);
        for (var j = 0; j < _r; j++)
        {
            _triangleInverse[j, j] = 1 / _gram.Triangle[j, j];
            for (var i = j - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var l = i + 1; l <= j; l++)
                    sum += _gram.Triangle[i, l] * _triangleInverse[l, j];
                _triangleInverse[i, j] = -sum / _gram.Triangle[i, i];
            }
        }
        Apply(_triangleInverse, _rotated, _coefficients);
        for (var i = 0; i < _r; i++)
        for (var j = 0; j < _r; j++)
            _inverse[i, j] = FixedOrder.Dot(_triangleInverse.Row(i), _triangleInverse.Row(j));
        Multiply(_inverse, Design.Gram, _influence);
        Multiply(_influence, _inverse, _ofData);
    }

    private static void Multiply(DenseMatrix a, DenseMatrix b, DenseMatrix result)
    {
        Array.Clear(result.Values);
        for (var i = 0; i < a.Rows; i++)
        for (var k = 0; k < a.Columns; k++)
            FixedOrder.Add(a[i, k], b.Row(k), result.Row(i));
    }

    private static void ApplyTransposed(DenseMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        result.Clear();
        for (var i = 0; i < matrix.Rows; i++)
            FixedOrder.Add(vector[i], matrix.Row(i), result);
    }

    private static void Apply(DenseMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        for (var i = 0; i < matrix.Rows; i++)
            result[i] = FixedOrder.Dot(matrix.Row(i), vector);
    }

    private void Set(Span<double> matrix, int j, int k, double value) => matrix[j * _m + k] = matrix[k * _m + j] = value;
}
