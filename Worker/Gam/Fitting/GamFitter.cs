using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>Fits elements that share a design. One a thread.</summary>
/// <remarks>Wood 2017 (2nd ed.), §6.10-6.12; Wood, Pya and Säfken 2016, J. Am. Statist. Assoc. 111, 1548-1563 (corrected degrees of freedom).</remarks>
internal sealed class GamFitter
{
    /// <summary>The precision of the vague prior that keeps the second-order correction finite where ρ is not identified.</summary>
    private const double PriorPrecision = 0.1;
    private readonly GamDesign design;
    private readonly SmoothnessCriterion? criterion;
    private readonly SmoothnessSearch? search;
    private readonly double[] f;
    private readonly double[] residuals;

    /// <summary>Makes the workspace.</summary>
    public GamFitter(GamDesign design)
    {
        this.design = design;
        f = new double[design.X.Columns];
        residuals = new double[design.Rows];
        if (design.Roots.Count == 0) return;
        criterion = new SmoothnessCriterion(design);
        search = new SmoothnessSearch(design, criterion);
    }

    /// <summary>Fits a response (offset taken off, not weighted); null when the smoothing parameters did not converge.</summary>
    public GamFit? Fit(ReadOnlySpan<double> response)
    {
        var residual = Project(response);
        return criterion is null ? Unpenalised(residual) : search!.Run(f, residual) ? Penalised() : null;
    }

    /// <summary>Fits an element by its projections on <see cref="GamDesign.Projector"/> and the sum of squares they leave.</summary>
    public GamFit? FitProjected(ReadOnlySpan<double> projections, double residualSquares)
    {
        projections.CopyTo(f);
        return criterion is null ? Unpenalised(residualSquares) : search!.Run(f, residualSquares) ? Penalised() : null;
    }

    /// <summary>Tests that a smooth with an unpenalised part (or none penalised) is zero; wholly penalised terms are random effects, whose test is another.</summary>
    public SmoothTest Test(GamFit fit, int smooth)
    {
        var place = design.Smooths[smooth];
        var block = new DenseMatrix(place.Count, place.Count);
        for (var i = 0; i < place.Count; i++) fit.Covariance.Row(place.First + i).Slice(place.First, place.Count).CopyTo(block.Row(i));
        return SmoothTest.Of(
            fit.Coefficients[place.First..(place.First + place.Count)], block, design.SmoothTriangles[smooth], fit.Edf1.Skip(place.First).Take(place.Count).Sum());
    }

    /// <summary>Tests that a wholly penalised term has no variance.</summary>
    public RandomEffectTest TestRandomEffect(GamFit fit, int smooth)
    {
        var place = design.Smooths[smooth];
        int first = place.First, count = place.Count;
        var rows = new DenseMatrix(count, design.Rows);
        var bayesian = new DenseMatrix(count, count);
        // Vₑ = V XᵀX V / σ², so with V X's rows of the term it is a plain product.
        var covarianceX = fit.Covariance.Times(design.X.Transposed());
        for (var i = 0; i < count; i++)
        {
            covarianceX.Row(first + i).CopyTo(rows.Row(i));
            fit.Covariance.Row(first + i).Slice(first, count).CopyTo(bayesian.Row(i));
        }
        var frequentist = rows.Times(rows.Transposed()).Scaled(1 / fit.Scale);
        return RandomEffectTest.Of(fit.Coefficients[first..(first + count)], bayesian, frequentist, design.FreeDirections[smooth]);
    }

    private double Project(ReadOnlySpan<double> response)
    {
        Array.Clear(f);
        for (var i = 0; i < design.Rows; i++)
        {
            residuals[i] = design.Weights is { } w ? response[i] * Math.Sqrt(w[i]) : response[i];
            var row = design.Basis.Q.Row(i);
            for (var j = 0; j < f.Length; j++) f[j] += row[j] * residuals[i];
        }
        var squares = 0.0;
        for (var i = 0; i < design.Rows; i++)
        {
            var row = design.Basis.Q.Row(i);
            for (var j = 0; j < f.Length; j++) residuals[i] -= row[j] * f[j];
            squares += residuals[i] * residuals[i];
        }
        return squares;
    }

    private GamFit Unpenalised(double residual)
    {
        var p = design.X.Columns;
        var scale = residual / (design.Rows - p);
        double[] ones = [.. Enumerable.Repeat(1.0, p)];
        return new GamFit
        {
            Criterion = UnpenalisedCriterion(residual, scale),
            SmoothingParameters = [],
            Coefficients = Apply(design.InverseR, f),
            Covariance = design.InverseR.Times(design.InverseR.Transposed()).Scaled(scale),
            Edf = ones,
            Edf1 = ones,
            CorrectedEdf = null,
            Scale = scale,
            Deviance = residual,
            Rows = design.Rows,
            LogWeights = design.LogWeights,
        };
    }

    /// <summary>Without smoothing parameters mgcv reports GCV for every prediction error method.</summary>
    private double UnpenalisedCriterion(double deviance, double scale)
    {
        int n = design.Rows, p = design.X.Columns;
        switch (design.Method)
        {
            case SmoothnessMethod.Gcv:
                var left = n - design.Gamma * p;
                return n * deviance / (left * left);
            case SmoothnessMethod.Gacv:
                return deviance / n * (1 + 2 * design.Gamma * p / (n - p));
            default:
                var integrated = design.Method is SmoothnessMethod.Reml or SmoothnessMethod.PearsonReml ? p : 0;
                var log = ReproducibleMath.Log(2 * Math.PI * (integrated == 0 ? deviance / n : scale));
                return (n - integrated) / 2.0 * (1 + log) + (integrated == 0 ? 0 : design.LogDeterminantOfGram / 2);
        }
    }

    private GamFit Penalised()
    {
        var p = design.X.Columns;
        var root = design.InverseR.Times(LinearSolve.General(criterion!.Triangle, DenseMatrix.Identity(p)));
        var scale = criterion.Deviance / (design.Rows - criterion.EffectiveDegrees);
        var influence = root.Times(criterion.InfluenceRoot.Transposed()).Times(design.Basis.R);
        var edf = new double[p];
        var edf1 = new double[p];
        for (var i = 0; i < p; i++)
        {
            edf[i] = influence[i, i];
            var square = 0.0;
            for (var k = 0; k < p; k++) square += influence[i, k] * influence[k, i];
            edf1[i] = 2 * edf[i] - square;
        }
        var covariance = root.Times(root.Transposed()).Scaled(scale);
        var logged = design.Method.IsLikelihood() ? search!.Value : ReproducibleMath.Exp(search!.Value);
        return new GamFit
        {
            Criterion = logged,
            SmoothingParameters = [.. search.Rho.Select(ReproducibleMath.Exp)],
            Coefficients = Apply(root, criterion.Rotated),
            Covariance = covariance,
            Edf = edf,
            Edf1 = edf1,
            CorrectedEdf = CorrectedEdf(scale, edf.Sum(), edf1.Sum()),
            Scale = scale,
            Deviance = criterion.Deviance,
            Rows = design.Rows,
            LogWeights = design.LogWeights,
        };
    }

    private static double[] Apply(DenseMatrix matrix, double[] vector)
    {
        var result = new double[matrix.Rows];
        for (var i = 0; i < matrix.Rows; i++)
            for (var j = 0; j < matrix.Columns; j++) result[i] += matrix[i, j] * vector[j];
        return result;
    }

    /// <summary>
    /// <c>tr(V_c XᵀX)/σ²</c> with <c>V_c = V_β + J V_ρ Jᵀ + V″</c> (Wood, Pya and Säfken 2016, §4), at most Σ edf1; V″ is of the Cholesky
    /// factor of XᵀX + S.
    /// </summary>
    private double? CorrectedEdf(double scale, double edf, double edf1)
    {
        if (!design.Method.IsLikelihood()) return null;
        var free = Enumerable.Range(0, design.Roots.Count).Where(j => design.FixedParameters[j] < 0).ToArray();
        if (free.Length == 0) return edf;
        var information = Information(free);
        var first = PseudoInverse(information, 0);
        var second = PseudoInverse(information, PriorPrecision);
        var correction = 0.0;
        for (var a = 0; a < free.Length; a++)
            for (var b = 0; b < free.Length; b++)
            {
                var product = 0.0;
                double[] left = criterion!.Change(free[a]), right = criterion.Change(free[b]);
                for (var i = 0; i < left.Length; i++) product += left[i] * right[i];
                correction += first[a, b] * product / scale;
            }
        var slopes = free.Select(FactorSlope).ToArray();
        for (var a = 0; a < free.Length; a++)
            for (var b = 0; b < free.Length; b++)
            {
                var sum = 0.0;
                for (var i = 0; i < slopes[a].Values.Length; i++) sum += slopes[a].Values[i] * slopes[b].Values[i];
                correction += second[a, b] * sum;
            }
        return Math.Min(edf + correction, edf1);
    }

    /// <summary>The Hessian of the criterion in the free ρ and log φ (not profiled); of the P- forms in ρ alone, φ following.</summary>
    private DenseMatrix Information(int[] free)
    {
        int m = design.Roots.Count, count = free.Length;
        var restricted = design.Method is SmoothnessMethod.Reml or SmoothnessMethod.PearsonReml;
        var hasScale = design.Method is SmoothnessMethod.Reml or SmoothnessMethod.Ml;
        var information = new DenseMatrix(count + (hasScale ? 1 : 0), count + (hasScale ? 1 : 0));
        var factor = 1 / (2 * criterion!.Scale * design.Gamma);
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++)
                information[a, b] = !hasScale ? search!.Hessian[free[a] * m + free[b]]
                    : criterion.PenalisedDevianceHessian[free[a] * m + free[b]] * factor + criterion.DeterminantHessian[free[a] * m + free[b]];
            if (hasScale) information[a, count] = information[count, a] = -criterion.PenalisedDevianceGradient[free[a]] * factor;
        }
        if (hasScale) information[count, count] = (design.Rows / design.Gamma - (restricted ? design.UnpenalisedCount : 0)) / 2;
        return information;
    }

    private static DenseMatrix PseudoInverse(DenseMatrix matrix, double prior)
    {
        var eigen = new SymmetricEigen(matrix);
        var result = new DenseMatrix(matrix.Rows, matrix.Rows);
        for (var e = 0; e < matrix.Rows; e++)
        {
            var value = Math.Max(eigen.Values[e], 0) + prior;
            if (value <= 0) continue;
            for (var i = 0; i < matrix.Rows; i++)
                for (var j = 0; j < matrix.Rows; j++) result[i, j] += eigen.Vectors[i, e] * eigen.Vectors[j, e] / value;
        }
        return result;
    }

    /// <summary>
    /// <c>R ∂(L⁻¹)ᵀ/∂ρ</c> for H = XᵀX + S = L Lᵀ: with <c>∂L = L Φ(L⁻¹ ∂H L⁻ᵀ)</c>, Φ the lower triangle with half the diagonal,
    /// <c>∂L⁻¹ = -Φ L⁻¹</c> (Wood 2017, appendix B.7).
    /// </summary>
    private DenseMatrix FactorSlope(int penalty)
    {
        var p = design.X.Columns;
        var (factorInverse, gramInverse) = FactorInverse();
        var slope = Squared(design.Roots[penalty].Times(design.R)).Scaled(ReproducibleMath.Exp(search!.Rho[penalty]));
        var phi = factorInverse.Times(slope).Times(factorInverse.Transposed());
        for (var i = 0; i < p; i++)
        {
            phi[i, i] /= 2;
            for (var j = i + 1; j < p; j++) phi[i, j] = 0;
        }
        return phi.Times(gramInverse);
    }

    private static DenseMatrix Squared(DenseMatrix root) => root.Transposed().Times(root);

    private (DenseMatrix Inverse, DenseMatrix TimesRt) FactorInverse()
    {
        var p = design.X.Columns;
        var sum = design.Basis.R.Transposed().Times(design.Basis.R);
        for (var j = 0; j < design.Roots.Count; j++)
        {
            var term = Squared(design.Roots[j].Times(design.R));
            var weight = ReproducibleMath.Exp(search!.Rho[j]);
            for (var i = 0; i < sum.Values.Length; i++) sum.Values[i] += weight * term.Values[i];
        }
        if (!Cholesky.TryFactor(sum)) throw new ArithmeticException("The penalised normal matrix is not positive definite at the optimum.");
        var inverse = new DenseMatrix(p, p);
        Cholesky.InvertFactor(sum, inverse);
        return (inverse, inverse.Times(design.Basis.R.Transposed()));
    }
}
