using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>The criterion of a model with several penalties that are diagonal together: one inverse of H an evaluation.</summary>
/// <remarks>
/// With <c>C = H⁻¹</c>, Λ the sum of λⱼDⱼ and <c>B = C GᵀG C = C - C Λ C</c>: <c>∂γ/∂ρₖ = -C λₖDₖ γ</c>, <c>∂C/∂ρₖ = -C λₖDₖ C</c>, and the
/// traces that occur are sums over entries of C and B because the D are diagonal (Wood 2011, appendix C).
/// </remarks>
internal sealed class DenseCriterion : SmoothnessCriterion
{
    private readonly int m;
    private readonly int r;
    private readonly double[][] diagonals;
    private readonly ScaledInverse inverse;
    private readonly ScaledInverse? mlInverse;
    private readonly DenseMatrix? mlGram;
    private readonly double[] total;         // Λ
    private readonly double[] coefficients;  // γ
    private readonly double[] target;        // Gᵀf
    private readonly double[] rest;          // f - Gγ
    private readonly double[] loaded;        // C Λ γ
    private readonly double[][] slopes;      // ∂γ/∂ρ
    private readonly double[] ofData;        // diagonal of B
    private readonly double[] scratch;
    private readonly DenseMatrix dataPart;   // B, for prediction error criteria

    /// <summary>Makes the workspace for a design with common axes.</summary>
    public DenseCriterion(GamDesign design)
        : base(design)
    {
        (m, r) = (design.PenaltyCount, design.PenalisedCount);
        diagonals = [.. design.Diagonals!];
        inverse = new ScaledInverse(r);
        if (design.MlFactor is { } ml) (mlInverse, mlGram) = (new ScaledInverse(r), ml.Transposed().Times(ml));
        (total, coefficients, target, rest, loaded, ofData, scratch) =
            (new double[r], new double[r], new double[r], new double[r], new double[r], new double[r], new double[r]);
        slopes = [.. Enumerable.Range(0, m).Select(_ => new double[r])];
        dataPart = new DenseMatrix(r, r);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Coefficients => coefficients;

    /// <inheritdoc/>
    public override double Influence(int i) => 1 - inverse.Row(i)[i] * total[i];

    /// <inheritdoc/>
    public override double InfluenceSquared(int i) => 1 - 2 * inverse.Row(i)[i] * total[i] + total[i] * WeightedSquares(inverse.Row(i));

    /// <inheritdoc/>
    public override double Inverse(int i, int j) => inverse.Row(i)[j];

    /// <inheritdoc/>
    public override double InverseOfData(int i, int j)
    {
        ReadOnlySpan<double> a = inverse.Row(i), b = inverse.Row(j);
        var sum = a[j];
        for (var l = 0; l < r; l++) sum -= a[l] * total[l] * b[l];
        return sum;
    }

    /// <inheritdoc/>
    public override void Solve(ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < r; i++) result[i] = FixedOrder.Dot(inverse.Row(i), x);
    }

    /// <inheritdoc/>
    public override double FittedSlopes(int j, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < r; i++) sum += slopes[j][i] * FixedOrder.Dot(Design.Gram.Row(i), slopes[k]);
        return sum;
    }

    /// <inheritdoc/>
    protected override double Measure(ReadOnlySpan<double> f, double residual)
    {
        Array.Clear(total);
        for (var j = 0; j < m; j++) FixedOrder.Add(Lambda[j], diagonals[j], total);
        var determinant = inverse.Invert(Design.Gram, total);
        if (double.IsNaN(determinant)) return double.NaN;
        Fit(f, residual);
        for (var k = 0; k < m; k++) SlopesOf(k);
        for (var j = 0; j < m; j++)
            for (var k = 0; k <= j; k++) CurvaturesOf(j, k);
        Degrees();
        return Design.Method.IsLikelihood() ? Determinant(determinant) : 0;
    }

    private void Fit(ReadOnlySpan<double> f, double residual)
    {
        Array.Clear(target);
        for (var i = 0; i < r; i++) FixedOrder.Add(f[i], Design.Factor.Row(i), target);
        double squares = 0, penalty = 0;
        for (var i = 0; i < r; i++) coefficients[i] = FixedOrder.Dot(inverse.Row(i), target);
        for (var i = 0; i < r; i++)
        {
            rest[i] = f[i] - FixedOrder.Dot(Design.Factor.Row(i), coefficients);
            squares += rest[i] * rest[i];
            scratch[i] = total[i] * coefficients[i];
            penalty += scratch[i] * coefficients[i];
        }
        for (var i = 0; i < r; i++) loaded[i] = FixedOrder.Dot(inverse.Row(i), scratch);
        Deviance = residual + squares;
        PenalisedDeviance = Deviance + penalty;
    }

    private void SlopesOf(int k)
    {
        var diagonal = diagonals[k];
        var slope = slopes[k];
        Array.Clear(slope);
        double first = 0, data = 0;
        for (var i = 0; i < r; i++)
        {
            if (diagonal[i] == 0) continue;
            var pull = Lambda[k] * diagonal[i] * coefficients[i];
            first += pull * coefficients[i];
            data += pull * loaded[i];
            FixedOrder.Add(-pull, inverse.Row(i), slope);
        }
        PenalisedDevianceGradient[k] = first;
        DevianceGradient[k] = 2 * data;
    }

    private void CurvaturesOf(int j, int k)
    {
        double penalised = 0, crossed = 0, bent = 0, both = 0, own = 0;
        for (var i = 0; i < r; i++)
        {
            double byJ = Lambda[j] * diagonals[j][i], byK = Lambda[k] * diagonals[k][i];
            penalised += byJ * coefficients[i] * slopes[k][i];
            both += total[i] * slopes[j][i] * slopes[k][i];
            bent += loaded[i] * (byJ * slopes[k][i] + byK * slopes[j][i]);
            crossed += byJ * coefficients[i] * slopes[k][i];
            own += byK * coefficients[i] * loaded[i];
        }
        var same = j == k ? 1 : 0;
        Set(PenalisedDevianceHessian, j, k, same * PenalisedDevianceGradient[j] + 2 * penalised);
        Set(DevianceHessian, j, k, -2 * (crossed + both - bent - same * own));
    }

    private void Degrees()
    {
        double degrees = r;
        for (var i = 0; i < r; i++)
        {
            var row = inverse.Row(i);
            degrees -= row[i] * total[i];
            ofData[i] = row[i] - WeightedSquares(row);
        }
        EffectiveDegrees = Design.UnpenalisedCount + degrees;
        for (var k = 0; k < m; k++) DegreesGradient[k] = -Lambda[k] * Dot(diagonals[k], ofData);
        if (Design.Method.IsLikelihood()) return;
        for (var i = 0; i < r; i++)
        {
            inverse.Row(i).CopyTo(dataPart.Row(i));
            for (var l = 0; l < r; l++) scratch[l] = inverse.Row(i)[l] * total[l];
            for (var l = 0; l < r; l++) FixedOrder.Add(-scratch[l], inverse.Row(l), dataPart.Row(i));
        }
        for (var j = 0; j < m; j++)
            for (var k = 0; k <= j; k++)
                Set(DegreesHessian, j, k, 2 * Lambda[j] * Lambda[k] * Entries(j, k, inverse, dataPart) + (j == k ? DegreesGradient[j] : 0));
    }

    private double Determinant(double logOfInverse)
    {
        var source = inverse;
        if (mlInverse is not null)
        {
            logOfInverse = mlInverse.Invert(mlGram!, total);
            source = mlInverse;
        }
        var value = logOfInverse + Design.LogDeterminantOfUnpenalised;
        for (var i = 0; i < r; i++) value -= ReproducibleMath.Log(total[i]);
        for (var j = 0; j < m; j++)
        {
            var trace = 0.0;
            for (var i = 0; i < r; i++) trace += Lambda[j] * diagonals[j][i] * (source.Row(i)[i] - 1 / total[i]);
            DeterminantGradient[j] = 0.5 * trace;
            for (var k = 0; k <= j; k++)
            {
                var ratios = 0.0;
                for (var i = 0; i < r; i++) ratios += Lambda[j] * diagonals[j][i] / total[i] * (Lambda[k] * diagonals[k][i] / total[i]);
                var squares = Lambda[j] * Lambda[k] * Entries(j, k, source, null);
                Set(DeterminantHessian, j, k, 0.5 * ((j == k ? trace : 0) - squares + ratios));
            }
        }
        return value;
    }

    /// <summary><c>tr(Dⱼ C Dₖ B)</c>, B = C without <paramref name="other"/>.</summary>
    private double Entries(int j, int k, ScaledInverse source, DenseMatrix? other)
    {
        var sum = 0.0;
        for (var i = 0; i < r; i++)
        {
            if (diagonals[j][i] == 0) continue;
            var row = source.Row(i);
            var right = other is null ? row : other.Row(i);
            var inner = 0.0;
            for (var l = 0; l < r; l++) inner += diagonals[k][l] * row[l] * right[l];
            sum += diagonals[j][i] * inner;
        }
        return sum;
    }

    private double WeightedSquares(ReadOnlySpan<double> row)
    {
        var sum = 0.0;
        for (var l = 0; l < r; l++) sum += row[l] * row[l] * total[l];
        return sum;
    }

    private void Set(Span<double> matrix, int j, int k, double value) => matrix[j * m + k] = matrix[k * m + j] = value;

    private static double Dot(double[] a, double[] b) => FixedOrder.Dot(a, b);
}
