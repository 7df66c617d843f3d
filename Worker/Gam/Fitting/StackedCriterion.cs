using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The criterion as the textbook computes it, by an orthogonal factorisation of data and penalty roots stacked on each other: for
/// penalties without common axes, for columns that nearly depend on each other, and as the reference of the quicker forms.
/// </summary>
/// <remarks>
/// With <c>[G; √λ E] = Q T</c>, H = TᵀT is never formed (Wood 2011, §3.2). In the coordinates <c>c = T⁻ᵀGᵀf</c> the fit is
/// <c>G T⁻¹ c</c>: its derivative is <c>-G T⁻¹ Kⱼ c</c>, and all traces are of products of the bounded <c>Kⱼ = T⁻ᵀ λⱼDⱼ T⁻¹</c>.
/// </remarks>
internal sealed class StackedCriterion : SmoothnessCriterion
{
    private readonly int m;
    private readonly int r;
    private readonly PenaltyDeterminant gram;
    private readonly PenaltyDeterminant? mlGram;
    private readonly PenaltyDeterminant[] ranges;
    private readonly double[][] change;      // minus the derivative of fitted values
    private readonly double[] fitted;
    private readonly double[] shrunk;        // f - fitted
    private readonly double[] scratch;
    private readonly double[] rotated;       // c
    private readonly double[] rotatedShrunk;
    private readonly double[][] share;       // Kⱼ c
    private readonly double[] coefficients;
    private readonly DenseMatrix gramOfFactor;
    private readonly DenseMatrix product;
    private readonly DenseMatrix triangleInverse;
    private readonly DenseMatrix inverse;
    private readonly DenseMatrix influence;
    private readonly DenseMatrix ofData;

    /// <summary>Makes the workspace for a design with at least one penalty.</summary>
    public StackedCriterion(GamDesign design)
        : base(design)
    {
        (m, r) = (design.PenaltyCount, design.PenalisedCount);
        var roots = Enumerable.Range(0, m).Select(j => (j, design.RootOf(j))).ToList();
        gram = new PenaltyDeterminant(roots, design.Factor);
        mlGram = design.MlFactor is { } ml ? new PenaltyDeterminant(roots, ml) : null;
        ranges = [.. design.Smooths.Where(place => place.Smooth.Penalties.Count > 0).Select(
            place => new PenaltyDeterminant([.. place.Coordinates.Roots.Select((root, j) => (place.FirstPenalty + j, root))], data: null))];
        (fitted, shrunk, scratch, rotated, rotatedShrunk, coefficients) =
            (new double[r], new double[r], new double[r], new double[r], new double[r], new double[r]);
        change = [.. Enumerable.Range(0, m).Select(_ => new double[r])];
        share = [.. Enumerable.Range(0, m).Select(_ => new double[r])];
        (gramOfFactor, product, triangleInverse) = (new DenseMatrix(r, r), new DenseMatrix(r, r), new DenseMatrix(r, r));
        (inverse, influence, ofData) = (new DenseMatrix(r, r), new DenseMatrix(r, r), new DenseMatrix(r, r));
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => coefficients;

    /// <inheritdoc/>
    public override double Influence(int i) => influence[i, i];

    /// <inheritdoc/>
    public override double InfluenceSquared(int i)
    {
        var sum = 0.0;
        for (var l = 0; l < r; l++) sum += influence[i, l] * influence[l, i];
        return sum;
    }

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => inverse[i, j];

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j) => ofData[i, j];

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result) => Apply(inverse, x, result);

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k) => FixedOrder.Dot(change[j], change[k]);

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        var likelihood = Design.Method.IsLikelihood();
        DeterminantGradient.Clear();
        DeterminantHessian.Clear();
        var determinant = gram.Evaluate(Lambda, likelihood && mlGram is null ? 0.5 : 0, DeterminantGradient, DeterminantHessian);
        if (double.IsNaN(determinant)) return double.NaN;
        if (likelihood)
        {
            if (mlGram is not null) determinant = mlGram.Evaluate(Lambda, 0.5, DeterminantGradient, DeterminantHessian);
            foreach (var range in ranges) determinant -= range.Evaluate(Lambda, -0.5, DeterminantGradient, DeterminantHessian);
        }
        Deviances(f, residual);
        for (var j = 0; j < m; j++) DerivativesOf(j);
        Invert();
        return determinant + Design.LogDeterminantOfUnpenalised;
    }

    private void Deviances(ReadOnlySpan<double> f, double residual)
    {
        var g = gram.DataPart;
        ApplyTransposed(g, f, rotated);
        Apply(g, rotated, fitted);
        double squares = 0, penalty = 0;
        for (var i = 0; i < r; i++)
        {
            shrunk[i] = f[i] - fitted[i];
            squares += shrunk[i] * shrunk[i];
            penalty += shrunk[i] * fitted[i];
        }
        Deviance = residual + squares;
        PenalisedDeviance = Deviance + penalty;
        ApplyTransposed(g, shrunk, rotatedShrunk);
        Array.Clear(gramOfFactor.Values);
        for (var row = 0; row < r; row++)
            for (var i = 0; i < r; i++) FixedOrder.Add(g[row, i], g.Row(row), gramOfFactor.Row(i));
        EffectiveDegrees = Design.UnpenalisedCount + FixedOrder.Dot(g.Values, g.Values);
        for (var j = 0; j < m; j++)
        {
            Apply(gram.Share(j), rotated, share[j]);
            Apply(g, share[j], change[j]);
        }
    }

    private void DerivativesOf(int j)
    {
        Multiply(gram.Share(j), gramOfFactor, product);
        PenalisedDevianceGradient[j] = FixedOrder.Dot(rotated, share[j]);
        DevianceGradient[j] = 2 * FixedOrder.Dot(rotatedShrunk, share[j]);
        var traceOne = FixedOrder.Dot(gram.Share(j).Values, gramOfFactor.Values);
        DegreesGradient[j] = -traceOne;
        for (var k = 0; k <= j; k++)
        {
            var same = j == k;
            Apply(gram.Share(j), share[k], scratch);
            var bent = FixedOrder.Dot(rotatedShrunk, scratch);
            Apply(gram.Share(k), share[j], scratch);
            bent += FixedOrder.Dot(rotatedShrunk, scratch);
            Set(PenalisedDevianceHessian, j, k, (same ? PenalisedDevianceGradient[j] : 0) - 2 * FixedOrder.Dot(share[j], share[k]));
            Set(DevianceHessian, j, k, 2 * FixedOrder.Dot(change[j], change[k]) - 2 * bent + (same ? DevianceGradient[j] : 0));
            var traceTwo = FixedOrder.Dot(gram.Share(k).Values, product.Values);
            Set(DegreesHessian, j, k, 2 * traceTwo - (same ? traceOne : 0));
        }
    }

    /// <summary>γ, <c>H⁻¹ = T⁻¹T⁻ᵀ</c> and its products with the data's part.</summary>
    private void Invert()
    {
        Array.Clear(triangleInverse.Values);
        for (var j = 0; j < r; j++)
        {
            triangleInverse[j, j] = 1 / gram.Triangle[j, j];
            for (var i = j - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var l = i + 1; l <= j; l++) sum += gram.Triangle[i, l] * triangleInverse[l, j];
                triangleInverse[i, j] = -sum / gram.Triangle[i, i];
            }
        }
        Apply(triangleInverse, rotated, coefficients);
        for (var i = 0; i < r; i++)
            for (var j = 0; j < r; j++) inverse[i, j] = FixedOrder.Dot(triangleInverse.Row(i), triangleInverse.Row(j));
        Multiply(inverse, Design.Gram, influence);
        Multiply(influence, inverse, ofData);
    }

    private static void Multiply(DenseMatrix a, DenseMatrix b, DenseMatrix result)
    {
        Array.Clear(result.Values);
        for (var i = 0; i < a.Rows; i++)
            for (var k = 0; k < a.Columns; k++) FixedOrder.Add(a[i, k], b.Row(k), result.Row(i));
    }

    private static void ApplyTransposed(DenseMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        result.Clear();
        for (var i = 0; i < matrix.Rows; i++) FixedOrder.Add(vector[i], matrix.Row(i), result);
    }

    private static void Apply(DenseMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        for (var i = 0; i < matrix.Rows; i++) result[i] = FixedOrder.Dot(matrix.Row(i), vector);
    }

    private void Set(Span<double> matrix, int j, int k, double value) => matrix[j * m + k] = matrix[k * m + j] = value;
}
