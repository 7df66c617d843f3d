using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Distributions;

/// <summary>exp and ln for loops over registers, against the functions of one number.</summary>
public sealed class FusedFunctionsTests
{
    private const double Tolerance = 8e-16;

    [Fact]
    public void The_exponential_is_accurate()
    {
        for (var i = -69990; i <= 69990; i++)
        {
            var x = i * 0.01001;
            var expected = ReproducibleMath.Exp(Math.Clamp(x, -700, 700));
            ReproducibleMath.FusedExp(new ScalarLane(x)).V.ShouldBe(expected, Tolerance * expected, $"exp({x:R})");
        }
    }

    [Fact]
    public void The_logarithm_is_accurate()
    {
        for (var i = -69990; i <= 69990; i++)
            foreach (var x in (ReadOnlySpan<double>)[1 + (i * 1e-5), Math.Exp(i * 0.01001)])
            {
                var expected = ReproducibleMath.Log(x);
                ReproducibleMath.FusedLog(new ScalarLane(x)).V.ShouldBe(expected, Tolerance * Math.Abs(expected), $"ln({x:R})");
            }
    }
}
