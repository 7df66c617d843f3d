using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Mixed.Profile;

/// <summary>
/// Random values of chi-square distributions with whole degrees of freedom that depend on nothing but their indices: the same for every
/// thread, run and machine.
/// </summary>
/// <remarks>
/// -2 ln U has two degrees of freedom, so that a value is the logarithm of a product of uniform numbers, plus the square of a normal one
/// where the degrees are odd (Devroye 1986, Non-Uniform Random Variate Generation, section IX.3).
/// </remarks>
internal static class ChiSquareDraws
{
    /// <summary>The generator's key, an arbitrary constant.</summary>
    private const ulong Key = 0x524C_5254_6E75_6C6C;

    /// <summary>A value.</summary>
    /// <param name="draw">The number of the draw.</param>
    /// <param name="component">Which of the independent variables of a draw.</param>
    /// <param name="degrees">Its degrees of freedom; 0 gives 0.</param>
    public static double Draw(int draw, int component, int degrees)
    {
        var product = new LogarithmOfProduct();
        var (pairs, value) = (degrees / 2, 0.0);
        for (var block = 0; 2 * block * 2 < degrees; block++)
        {
            var bits = Philox4x32.Compute(new((uint)draw, (uint)component, (uint)block, 0), Key);
            var first = Uniform(bits.A, bits.B);
            var second = Uniform(bits.C, bits.D);
            if (2 * block < pairs)
                product.Multiply(first);
            else
                value = Square(first);
            if ((2 * block) + 1 < pairs)
                product.Multiply(second);
            else if ((2 * block) + 1 == pairs && degrees % 2 == 1)
                value = Square(second);
        }
        return value - (2 * product.Value);
    }

    private static double Square(double uniform)
    {
        var normal = StandardNormal.Quantile(uniform);
        return normal * normal;
    }

    /// <summary>53 bits, never 0 or 1.</summary>
    private static double Uniform(uint high, uint low) => (((((ulong)high << 32) | low) >> 11) + 0.5) / (1UL << 53);
}
