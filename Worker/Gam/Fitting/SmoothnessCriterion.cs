using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The smoothness selection criterion of one element at log smoothing parameters ρ, with exact gradient and Hessian. One a thread:
/// holds the workspace, and after an evaluation everything the fit's statistics need.
/// </summary>
/// <remarks>
/// Wood 2008, J. R. Statist. Soc. B 70, 495-518 (GCV, GACV); Wood 2011, J. R. Statist. Soc. B 73, 3-36 (REML, ML). With the scale φ
/// profiled, REML is <c>Dp/(2φγ) + n/(2γ) log 2πφ - M/2 log(2πφ/γ) + (log|XᵀX+S| - log|S|₊)/2</c>; ML integrates the penalised directions
/// only (its M is 0). The P- forms put <c>φ = D/(n - M)</c>, M as in REML, in its place. GCV and GACV are minimised as logarithms.
/// </remarks>
internal sealed class SmoothnessCriterion
{
    private const double LogTwoPi = 1.8378770664093454836;
    private readonly GamDesign design;
    private readonly int p;
    private readonly int rank;
    private readonly int m;
    private readonly PenaltyDeterminant gram;
    private readonly PenaltyDeterminant? mlGram;
    private readonly PenaltyDeterminant[] ranges;
    private readonly double[] lambda;
    private readonly double[][] change;      // minus the derivative of fitted values
    private readonly double[] shrunk;        // f - fitted
    private readonly double[] scratch;
    private readonly double[] rotated;       // c = Gᵀ f
    private readonly double[] rotatedShrunk; // Gᵀ (f - fitted)
    private readonly double[][] share;       // K_j c
    private readonly DenseMatrix gramOfFactor;
    private readonly double[] dpGradient, dpHessian, dGradient, dHessian, edfGradient, edfHessian, detGradient, detHessian;
    private readonly DenseMatrix productA;

    /// <summary>Makes the workspace for a design with at least one penalty.</summary>
    public SmoothnessCriterion(GamDesign design)
    {
        this.design = design;
        p = design.X.Columns;
        rank = design.DataPart.Rows;
        m = design.Roots.Count;
        gram = new PenaltyDeterminant([.. design.Roots.Select((root, j) => (j, root))], design.DataPart);
        mlGram = design.MlRoots is { } ml ? new PenaltyDeterminant(ml, DenseMatrix.Identity(ml[0].Root.Columns)) : null;
        ranges = [.. design.RangeRoots.Select(terms => new PenaltyDeterminant(terms, data: null))];
        lambda = new double[m];
        change = [.. Enumerable.Range(0, m).Select(_ => new double[rank])];
        Fitted = new double[rank];
        shrunk = new double[rank];
        scratch = new double[p];
        rotated = new double[p];
        rotatedShrunk = new double[p];
        share = [.. Enumerable.Range(0, m).Select(_ => new double[p])];
        gramOfFactor = new DenseMatrix(p, p);
        dpGradient = new double[m];
        dGradient = new double[m];
        edfGradient = new double[m];
        detGradient = new double[m];
        dpHessian = new double[m * m];
        dHessian = new double[m * m];
        edfHessian = new double[m * m];
        detHessian = new double[m * m];
        productA = new DenseMatrix(p, p);
    }

    /// <summary>The fitted values in the basis that f is of.</summary>
    public double[] Fitted { get; }

    /// <summary><c>c</c> with <c>β = R⁻¹ T⁻¹ c</c>.</summary>
    public double[] Rotated => rotated;

    /// <summary>The residual sum of squares D.</summary>
    public double Deviance { get; private set; }

    /// <summary><c>D + Σ λ bᵀ S̃ b</c>.</summary>
    public double PenalisedDeviance { get; private set; }

    /// <summary>The effective degrees of freedom τ.</summary>
    public double EffectiveDegrees { get; private set; }

    /// <summary><c>G</c>, rank × p: the influence matrix is <c>G Gᵀ</c>.</summary>
    public DenseMatrix InfluenceRoot => gram.DataPart;

    /// <summary>T with <c>XᵀX + S = (T R)ᵀ T R</c>.</summary>
    public DenseMatrix Triangle => gram.Triangle;

    /// <summary>Minus the fitted values' derivative in ρⱼ.</summary>
    public double[] Change(int penalty) => change[penalty];

    /// <summary>Second derivatives of half the log determinants at the last evaluation (likelihoods only), m × m.</summary>
    public ReadOnlySpan<double> DeterminantHessian => detHessian;

    /// <summary>Gradient of the penalised deviance at the last evaluation.</summary>
    public ReadOnlySpan<double> PenalisedDevianceGradient => dpGradient;

    /// <summary>Hessian of the penalised deviance at the last evaluation, m × m.</summary>
    public ReadOnlySpan<double> PenalisedDevianceHessian => dpHessian;

    /// <summary>Evaluates at ρ for an element.</summary>
    /// <param name="f">Qᵀ y.</param>
    /// <param name="residual">The sum of squares of y - Q f.</param>
    /// <param name="rho">Log smoothing parameters.</param>
    /// <param name="gradient">Receives the gradient.</param>
    /// <param name="hessian">Receives the Hessian, m × m.</param>
    /// <returns>The criterion (GCV and GACV: its logarithm); NaN where it is not defined.</returns>
    public double Evaluate(ReadOnlySpan<double> f, double residual, ReadOnlySpan<double> rho, Span<double> gradient, Span<double> hessian)
    {
        for (var j = 0; j < m; j++) lambda[j] = ReproducibleMath.Exp(rho[j]);
        var likelihood = design.Method.IsLikelihood();
        Array.Clear(detGradient);
        Array.Clear(detHessian);
        var useGram = likelihood && mlGram is null;
        var determinant = gram.Evaluate(lambda, useGram ? 0.5 : 0, detGradient, detHessian) + design.LogDeterminantOfGram;
        if (double.IsNaN(determinant)) return double.NaN;
        if (likelihood)
        {
            if (mlGram is not null) determinant = mlGram.Evaluate(lambda, 0.5, detGradient, detHessian) + design.LogDeterminantOfMlGram;
            foreach (var range in ranges) determinant -= range.Evaluate(lambda, -0.5, detGradient, detHessian);
        }
        Deviances(f, residual);
        return design.Method switch
        {
            SmoothnessMethod.Gcv => Gcv(gradient, hessian),
            SmoothnessMethod.Gacv => Gacv(gradient, hessian),
            _ => Likelihood(determinant, gradient, hessian),
        };
    }

    // In the coordinates c = Gᵀf the fit is G c: its derivative is -G Kⱼ c, and all traces are of products of the bounded Kⱼ.
    private void Deviances(ReadOnlySpan<double> f, double residual)
    {
        var g = gram.DataPart;
        ApplyTransposed(g, f, rotated);
        Apply(g, rotated, Fitted);
        double squares = 0, penalty = 0;
        for (var i = 0; i < rank; i++)
        {
            shrunk[i] = f[i] - Fitted[i];
            squares += shrunk[i] * shrunk[i];
            penalty += shrunk[i] * Fitted[i];
        }
        Deviance = residual + squares;
        PenalisedDeviance = Deviance + penalty;
        ApplyTransposed(g, shrunk, rotatedShrunk);
        Gram(g);
        EffectiveDegrees = Dot(g.Values, g.Values);
        for (var j = 0; j < m; j++)
        {
            Apply(gram.Share(j), rotated, share[j]);
            Apply(g, share[j], change[j]);
        }
        for (var j = 0; j < m; j++) DerivativesOf(j);
    }

    private void DerivativesOf(int j)
    {
        Multiply(gram.Share(j), gramOfFactor, productA);
        dpGradient[j] = Dot(rotated, share[j]);
        dGradient[j] = 2 * Dot(rotatedShrunk, share[j]);
        var traceOne = Dot(gram.Share(j).Values, gramOfFactor.Values);
        edfGradient[j] = -traceOne;
        for (var k = 0; k <= j; k++)
        {
            var same = j == k;
            Apply(gram.Share(j), share[k], scratch);
            var bent = Dot(rotatedShrunk, scratch);
            Apply(gram.Share(k), share[j], scratch);
            bent += Dot(rotatedShrunk, scratch);
            dpHessian[j * m + k] = dpHessian[k * m + j] = (same ? dpGradient[j] : 0) - 2 * Dot(share[j], share[k]);
            dHessian[j * m + k] = dHessian[k * m + j] = 2 * Dot(change[j], change[k]) - 2 * bent + (same ? dGradient[j] : 0);
            var traceTwo = Dot(gram.Share(k).Values, productA.Values);
            edfHessian[j * m + k] = edfHessian[k * m + j] = 2 * traceTwo - (same ? traceOne : 0);
        }
    }

    private void Gram(DenseMatrix g)
    {
        Array.Clear(gramOfFactor.Values);
        for (var r = 0; r < rank; r++)
        {
            var row = g.Row(r);
            for (var i = 0; i < p; i++)
                for (var j = 0; j < p; j++) gramOfFactor[i, j] += row[i] * row[j];
        }
    }

    private static void Multiply(DenseMatrix a, DenseMatrix b, DenseMatrix result)
    {
        Array.Clear(result.Values);
        for (var i = 0; i < a.Rows; i++)
        {
            var target = result.Row(i);
            for (var k = 0; k < a.Columns; k++)
            {
                var source = b.Row(k);
                for (var j = 0; j < target.Length; j++) target[j] += a[i, k] * source[j];
            }
        }
    }

    private static void ApplyTransposed(DenseMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        result.Clear();
        for (var i = 0; i < matrix.Rows; i++)
        {
            var row = matrix.Row(i);
            for (var j = 0; j < row.Length; j++) result[j] += row[j] * vector[i];
        }
    }

    private double Gcv(Span<double> gradient, Span<double> hessian)
    {
        var left = design.Rows - design.Gamma * EffectiveDegrees;
        if (left <= 0 || Deviance <= 0) return double.NaN;
        for (var j = 0; j < m; j++)
        {
            gradient[j] = dGradient[j] / Deviance + 2 * design.Gamma * edfGradient[j] / left;
            for (var k = 0; k < m; k++)
                hessian[j * m + k] = dHessian[j * m + k] / Deviance - dGradient[j] * dGradient[k] / (Deviance * Deviance)
                    + 2 * design.Gamma * edfHessian[j * m + k] / left + 2 * design.Gamma * design.Gamma * edfGradient[j] * edfGradient[k] / (left * left);
        }
        return ReproducibleMath.Log(design.Rows * Deviance / (left * left));
    }

    private double Gacv(Span<double> gradient, Span<double> hessian)
    {
        // (D/n)(1 + 2γτ/(n-τ)): the factor is u/v with u = n + (2γ-1)τ, v = n - τ.
        double slope = 2 * design.Gamma - 1, u = design.Rows + slope * EffectiveDegrees, v = design.Rows - EffectiveDegrees;
        if (u <= 0 || v <= 0 || Deviance <= 0) return double.NaN;
        double first = slope / u + 1 / v, second = -slope * slope / (u * u) + 1 / (v * v);
        for (var j = 0; j < m; j++)
        {
            gradient[j] = dGradient[j] / Deviance + first * edfGradient[j];
            for (var k = 0; k < m; k++)
                hessian[j * m + k] = dHessian[j * m + k] / Deviance - dGradient[j] * dGradient[k] / (Deviance * Deviance)
                    + first * edfHessian[j * m + k] + second * edfGradient[j] * edfGradient[k];
        }
        return ReproducibleMath.Log(Deviance / design.Rows * u / v);
    }

    private double Likelihood(double determinant, Span<double> gradient, Span<double> hessian)
    {
        var isRestricted = design.Method is SmoothnessMethod.Reml or SmoothnessMethod.PearsonReml;
        var integrated = isRestricted ? design.UnpenalisedCount : 0;
        var weight = design.Rows / design.Gamma - integrated;
        var pearson = design.Method is SmoothnessMethod.PearsonReml or SmoothnessMethod.PearsonMl;
        var scale = pearson ? Deviance / (design.Rows - design.UnpenalisedCount) : PenalisedDeviance / design.Gamma / weight;
        if (!(scale > 0)) return double.NaN;
        Scale = scale;
        var log = ReproducibleMath.Log(scale);
        var value = PenalisedDeviance / (2 * scale * design.Gamma) + design.Rows / (2 * design.Gamma) * (LogTwoPi + log)
            - integrated / 2.0 * (LogTwoPi + log - ReproducibleMath.Log(design.Gamma)) + determinant / 2;
        for (var j = 0; j < m; j++)
        {
            gradient[j] = dpGradient[j] / (2 * scale * design.Gamma) + detGradient[j];
            if (pearson) gradient[j] += ScaleSlope(weight, scale) * dGradient[j] / Deviance;
            for (var k = 0; k < m; k++)
            {
                var value2 = dpHessian[j * m + k] / (2 * scale * design.Gamma) + detHessian[j * m + k];
                if (!pearson) value2 -= weight / 2 * dpGradient[j] * dpGradient[k] / (PenalisedDeviance * PenalisedDeviance);
                else value2 += PearsonCurvature(weight, scale, j, k);
                hessian[j * m + k] = value2;
            }
        }
        return value;
    }

    /// <summary>The scale φ in the likelihood at the last evaluation.</summary>
    public double Scale { get; private set; }

    /// <summary>∂V/∂ log φ at the last evaluation's scale.</summary>
    private double ScaleSlope(double weight, double scale) => weight / 2 - PenalisedDeviance / (2 * scale * design.Gamma);

    private double PearsonCurvature(double weight, double scale, int j, int k)
    {
        double lj = dGradient[j] / Deviance, lk = dGradient[k] / Deviance;
        var bend = dHessian[j * m + k] / Deviance - lj * lk;
        return ScaleSlope(weight, scale) * bend + PenalisedDeviance / (2 * scale * design.Gamma) * lj * lk
            - (dpGradient[j] * lk + dpGradient[k] * lj) / (2 * scale * design.Gamma);
    }

    private static void Apply(DenseMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        for (var i = 0; i < matrix.Rows; i++) result[i] = Dot(matrix.Row(i), vector);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
