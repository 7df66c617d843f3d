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
    private readonly (int First, int Count)[] seen;   // by penalty, the coordinates of its smooth
    private readonly ScaledInverse inverse;
    private readonly ScaledInverse? mlInverse;
    private readonly DenseMatrix? mlGram;
    private readonly double[] total;         // Λ
    private readonly double[][] penalties;   // λⱼDⱼ
    private readonly double[][] shares;      // λⱼDⱼ Λ⁻¹
    private readonly double[] coefficients;  // γ
    private readonly double[] target;        // Gᵀf
    private readonly double[] rest;          // f - Gγ
    private readonly double[] loaded;        // C Λ γ
    private readonly double[][] pulls;       // λⱼDⱼ γ
    private readonly double[][] slopes;      // ∂γ/∂ρ
    private readonly double[] ofData;        // diagonal of B
    private readonly double[] scratch;
    private readonly DenseMatrix squares;    // by penalty and coordinate, Σ λⱼDⱼ C², or with B C in place of C²
    private readonly DenseMatrix dataPart;   // B, for prediction error criteria

    /// <summary>Makes the workspace for a design with common axes.</summary>
    public DenseCriterion(GamDesign design)
        : base(design)
    {
        (m, r) = (design.PenaltyCount, design.PenalisedCount);
        diagonals = [.. design.Diagonals!];
        seen = [.. design.Smooths.SelectMany(place => Enumerable.Repeat((place.FirstPenalised, place.PenalisedCount), place.Smooth.Penalties.Count))];
        inverse = new ScaledInverse(r);
        if (design.MlFactor is { } ml) (mlInverse, mlGram) = (new ScaledInverse(r), ml.Transposed().Times(ml));
        (total, coefficients, target, rest, loaded, ofData, scratch) =
            (new double[r], new double[r], new double[r], new double[r], new double[r], new double[r], new double[r]);
        (penalties, shares, pulls, slopes) = (ByPenalty(), ByPenalty(), ByPenalty(), ByPenalty());
        (squares, dataPart) = (new DenseMatrix(m, r), new DenseMatrix(r, r));
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
        for (var j = 0; j < m; j++)
        {
            for (var i = seen[j].First; i < seen[j].First + seen[j].Count; i++) penalties[j][i] = Lambda[j] * diagonals[j][i];
            FixedOrder.Add(1, penalties[j], total);
        }
        var determinant = inverse.Invert(Design.Gram, total);
        if (double.IsNaN(determinant)) return double.NaN;
        Fit(f, residual);
        for (var j = 0; j < m; j++) SlopesOf(j);
        for (var j = 0; j < m; j++)
            for (var k = 0; k <= j; k++) CurvaturesOf(j, k);
        Square(inverse, null);
        Degrees();
        if (Design.Method.IsLikelihood()) return Determinant(determinant);
        DegreesCurvatures();
        return 0;
    }

    private void Fit(ReadOnlySpan<double> f, double residual)
    {
        Array.Clear(target);
        for (var i = 0; i < r; i++) FixedOrder.Add(f[i], Design.Factor.Row(i), target);
        double misfit = 0, penalty = 0;
        for (var i = 0; i < r; i++) coefficients[i] = FixedOrder.Dot(inverse.Row(i), target);
        for (var i = 0; i < r; i++)
        {
            rest[i] = f[i] - FixedOrder.Dot(Design.Factor.Row(i), coefficients);
            misfit += rest[i] * rest[i];
            scratch[i] = total[i] * coefficients[i];
            penalty += scratch[i] * coefficients[i];
        }
        for (var i = 0; i < r; i++) loaded[i] = FixedOrder.Dot(inverse.Row(i), scratch);
        Deviance = residual + misfit;
        PenalisedDeviance = Deviance + penalty;
    }

    private void SlopesOf(int j)
    {
        var (penalty, pull, slope) = (penalties[j], pulls[j], slopes[j]);
        Array.Clear(slope);
        for (var i = seen[j].First; i < seen[j].First + seen[j].Count; i++)
        {
            pull[i] = penalty[i] * coefficients[i];
            FixedOrder.Add(-pull[i], inverse.Row(i), slope);
        }
        PenalisedDevianceGradient[j] = FixedOrder.Dot(Seen(j, pull), Seen(j, coefficients));
        DevianceGradient[j] = 2 * FixedOrder.Dot(Seen(j, pull), Seen(j, loaded));
    }

    private void CurvaturesOf(int j, int k)
    {
        var pulled = FixedOrder.Dot(Seen(j, pulls[j]), Seen(j, slopes[k]));
        double both = 0, bent = 0;
        for (var i = 0; i < r; i++) both += total[i] * slopes[j][i] * slopes[k][i];
        for (var i = seen[j].First; i < seen[j].First + seen[j].Count; i++) bent += loaded[i] * penalties[j][i] * slopes[k][i];
        for (var i = seen[k].First; i < seen[k].First + seen[k].Count; i++) bent += loaded[i] * penalties[k][i] * slopes[j][i];
        var same = j == k ? 1 : 0;
        Set(PenalisedDevianceHessian, j, k, same * PenalisedDevianceGradient[j] + 2 * pulled);
        Set(DevianceHessian, j, k, same * DevianceGradient[j] - 2 * (pulled + both - bent));
    }

    private void Degrees()
    {
        double degrees = r;
        for (var i = 0; i < r; i++)
        {
            var own = inverse.Row(i)[i];
            degrees -= own * total[i];
            ofData[i] = own;
            for (var k = 0; k < m; k++) ofData[i] -= squares[k, i];
        }
        EffectiveDegrees = Design.UnpenalisedCount + degrees;
        for (var j = 0; j < m; j++) DegreesGradient[j] = -FixedOrder.Dot(Seen(j, penalties[j]), Seen(j, ofData));
    }

    private void DegreesCurvatures()
    {
        for (var i = 0; i < r; i++)
        {
            var row = dataPart.Row(i);
            inverse.Row(i).CopyTo(row);
            for (var l = 0; l < r; l++) FixedOrder.Add(-inverse.Row(i)[l] * total[l], inverse.Row(l), row);
        }
        Square(inverse, dataPart);
        for (var j = 0; j < m; j++)
            for (var k = 0; k <= j; k++) Set(DegreesHessian, j, k, 2 * Crossed(j, k) + (j == k ? DegreesGradient[j] : 0));
    }

    private double Determinant(double logOfInverse)
    {
        var source = inverse;
        if (mlInverse is not null)
        {
            logOfInverse = mlInverse.Invert(mlGram!, total);
            source = mlInverse;
            Square(source, null);
        }
        var penalty = new LogarithmOfProduct();
        for (var i = 0; i < r; i++) penalty.Multiply(total[i]);
        for (var j = 0; j < m; j++)
        {
            var trace = 0.0;
            for (var i = seen[j].First; i < seen[j].First + seen[j].Count; i++)
            {
                shares[j][i] = penalties[j][i] / total[i];
                trace += penalties[j][i] * source.Row(i)[i] - shares[j][i];
            }
            DeterminantGradient[j] = 0.5 * trace;
            for (var k = 0; k <= j; k++)
            {
                var ratios = seen[j] == seen[k] ? FixedOrder.Dot(Seen(j, shares[j]), Seen(j, shares[k])) : 0;
                Set(DeterminantHessian, j, k, 0.5 * ((j == k ? trace : 0) - Crossed(j, k) + ratios));
            }
        }
        return logOfInverse + Design.LogDeterminantOfUnpenalised - penalty.Value;
    }

    /// <summary>By penalty and coordinate i, <c>Σₗ λⱼDⱼₗ Cᵢₗ²</c>, or with <paramref name="other"/>'s entries for one of the two.</summary>
    private void Square(ScaledInverse source, DenseMatrix? other)
    {
        for (var i = 0; i < r; i++)
        {
            var row = source.Row(i);
            var right = other is null ? row : other.Row(i);
            for (var l = 0; l < r; l++) scratch[l] = row[l] * right[l];
            for (var j = 0; j < m; j++) squares[j, i] = FixedOrder.Dot(Seen(j, penalties[j]), Seen(j, scratch));
        }
    }

    /// <summary><c>tr(λⱼDⱼ C λₖDₖ B)</c>, B what <see cref="Square"/> was given last.</summary>
    private double Crossed(int j, int k) => FixedOrder.Dot(Seen(j, penalties[j]), squares.Row(k).Slice(seen[j].First, seen[j].Count));

    private ReadOnlySpan<double> Seen(int penalty, double[] values) => values.AsSpan(seen[penalty].First, seen[penalty].Count);

    private double[][] ByPenalty() => [.. Enumerable.Range(0, m).Select(_ => new double[r])];

    private double WeightedSquares(ReadOnlySpan<double> row)
    {
        var sum = 0.0;
        for (var l = 0; l < r; l++) sum += row[l] * row[l] * total[l];
        return sum;
    }

    private void Set(Span<double> matrix, int j, int k, double value) => matrix[j * m + k] = matrix[k * m + j] = value;
}
