using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>
/// How the coefficients that minimise the penalised deviance of an element, its linear predictors and the weights of its rows move with the
/// parameters: log λ of every penalty, then the shape ϑ. A workspace; not thread-safe.
/// </summary>
/// <remarks>
/// Wood 2011, J. R. Statist. Soc. B 73, 3-36, appendix C: <c>∂θ/∂ψₖ = −H⁻¹gₖ</c>, gₖ the derivative of the score (λₖSₖγ, or
/// Zᵀ∂²D/∂η∂ϑ / 2).
/// </remarks>
/// <param name="design">The design.</param>
/// <param name="fit">The coefficients.</param>
/// <param name="lambda">λ of every penalty; set by the caller.</param>
/// <param name="parameters">The number of parameters: penalties, and the shape.</param>
internal sealed class CoefficientSlopes(GeneralizedDesign design, PenalisedLikelihood fit, double[] lambda, int parameters)
{
    private readonly int _count = parameters;
    private readonly int _penalties = lambda.Length;
    private readonly DenseMatrix _scores = new(parameters, design.Dimension);
    private readonly DenseMatrix _slopes = new(parameters, design.Dimension);
    private readonly DenseMatrix _predictors = new(parameters, design.Rows);
    private readonly DenseMatrix _weights = new(parameters, design.Rows);

    /// <summary>gₖ.</summary>
    public ReadOnlySpan<double> Score(int parameter) => _scores.Row(parameter);

    /// <summary>∂θ/∂ψₖ.</summary>
    public ReadOnlySpan<double> OfCoefficients(int parameter) => _slopes.Row(parameter);

    /// <summary>∂η/∂ψₖ.</summary>
    public ReadOnlySpan<double> OfPredictors(int parameter) => _predictors.Row(parameter);

    /// <summary>∂W/∂ψₖ.</summary>
    public ReadOnlySpan<double> OfWeights(int parameter) => _weights.Row(parameter);

    /// <summary>Computes them at the minimum.</summary>
    public void Compute()
    {
        var derivatives = fit.Derivatives;
        for (var k = 0; k < _count; k++)
        {
            var score = _scores.Row(k);
            score.Clear();
            if (k < _penalties)
                Pull(k, fit.Coefficients, score);
            else
                for (var j = 0; j < score.Length; j++)
                    score[j] = FixedOrder.Dot(design.Predictors.Row(j), derivatives.FirstShape) / 2;
            var slope = _slopes.Row(k);
            fit.Newton.Solve(score, slope);
            for (var j = 0; j < slope.Length; j++)
                slope[j] = -slope[j];
            var predictor = _predictors.Row(k);
            fit.Predict(slope, predictor);
            var weight = _weights.Row(k);
            for (var i = 0; i < weight.Length; i++)
                weight[i] = derivatives.Third[i] * predictor[i] / 2;
            if (k == _penalties)
                FixedOrder.Add(0.5, derivatives.SecondShape, weight);
        }
    }

    /// <summary>Adds λₖSₖ v to <paramref name="result"/>, for coordinates v of u and γ.</summary>
    public void Pull(int penalty, ReadOnlySpan<double> coordinates, Span<double> result)
    {
        var own = coordinates[design.Free..];
        for (var j = 0; j < own.Length; j++)
            result[design.Free + j] += lambda[penalty] * FixedOrder.Dot(design.Penalties[penalty].Row(j), own);
    }
}
