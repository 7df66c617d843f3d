using HpcFit.Worker.Distributions;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// The criterion of a model without smoothing parameters, as mgcv prints it: the limit of <see cref="SmoothnessCriterion"/>.
/// </summary>
internal static class UnpenalisedCriterion
{
    /// <summary>The criterion of the design's method; a likelihood is that of √w y, as <see cref="SmoothnessCriterion"/> has it.</summary>
    /// <param name="design">The design, of which no column is penalised.</param>
    /// <param name="deviance">Σ w (y - μ)² of the least squares fit.</param>
    public static double Compute(GamDesign design, double deviance)
    {
        int n = design.Method == SmoothnessMethod.Gacv ? design.Rows : design.Counted,
            p = design.UnpenalisedCount;
        switch (design.Method)
        {
            case SmoothnessMethod.Gcv:
                var left = n - design.Gamma * p;
                return n * deviance / (left * left);
            case SmoothnessMethod.Gacv:
                return deviance / n * (1 + 2 * design.Gamma * p / (n - design.Gamma * p));
            default:
                var integrated = design.Method is SmoothnessMethod.Reml or SmoothnessMethod.PearsonReml ? design.IntegratedCount : 0;
                var weight = n / design.Gamma - integrated;
                var scale = design.Method is SmoothnessMethod.PearsonReml or SmoothnessMethod.PearsonMl
                    ? deviance / (n - design.IntegratedCount)
                    : deviance / (design.Gamma * weight);
                return (
                        deviance / (scale * design.Gamma)
                        + weight * ReproducibleMath.Log(2 * Math.PI * scale)
                        + integrated * ReproducibleMath.Log(design.Gamma)
                        + design.LogDeterminantOfUnpenalised
                    ) / 2;
        }
    }
}
