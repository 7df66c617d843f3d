using HpcFit.Worker.Mixed.Structured;
using static HpcFit.Worker.Tests.Mixed.Structured.StructuredCases;

namespace HpcFit.Worker.Tests.Mixed.Structured;

/// <summary>The gradient and Hessian of the criterion against differences of the criterion and of the gradient.</summary>
public sealed class StructuredProfileTests
{
    [Theory]
    [InlineData("(1 | site) + (1 | id)", false)]
    [InlineData("(1 | site) + (1 | id)", true)]
    [InlineData("(visit | id)", false)]
    [InlineData("(visit + dose || id) + (1 | rater)", false)]
    [InlineData("(1 + visit + dose | site)", true)]
    [InlineData("(visit | id) + (dose | site) + (1 | rater)", false)]
    [InlineData("(visit | id) + (dose | site) + (1 | rater)", true)]
    [InlineData("(visit | site/id)", false)]
    public void Derivatives_equal_differences(string random, bool ml)
    {
        foreach (var weights in new[] { null, "w" })
        {
            var engine = Engine($"y ~ Age + sex + {random}", ml, weights);
            var element = new StructuredElement(engine);
            element.Fit(Block([0, 1]), 1);
            var (profile, count) = (element.Profile, engine.Structure.Parameters.Count);
            double[] theta = [.. Enumerable.Range(0, count).Select(k => engine.Structure.Parameters[k].IsDiagonal ? 0.7 + (0.1 * k) : 0.3)];
            profile.Differentiate(theta);
            double[] gradient = [.. profile.Gradient];
            double[] hessian = [.. profile.Hessian];
            const double Step = 1e-5;
            for (var k = 0; k < count; k++)
            {
                var (above, below) = ((double[])theta.Clone(), (double[])theta.Clone());
                above[k] += Step;
                below[k] -= Step;
                var high = profile.Differentiate(above);
                double[] slopes = [.. profile.Gradient];
                var low = profile.Differentiate(below);
                gradient[k].ShouldBe((high - low) / (2 * Step), 1e-5 * (1 + Math.Abs(gradient[k])), $"gradient {k}");
                for (var l = 0; l < count; l++)
                    hessian[(k * count) + l]
                        .ShouldBe(
                            (slopes[l] - profile.Gradient[l]) / (2 * Step),
                            1e-5 * (1 + Math.Abs(hessian[(k * count) + l])),
                            $"Hessian {k}, {l}"
                        );
            }
        }
    }
}
