using System.Numerics;

namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    /// <summary>From here on an angle is reduced by whole-number arithmetic: three parts of π/2 no longer suffice.</summary>
    private const double LargeAngle = 1e6;

    /// <summary>Bits of π/2 after the binary point: enough that the largest double leaves 150 correct bits of its remainder.</summary>
    private const int HalfPiBits = 1200;

    private static readonly Lazy<BigInteger> ScaledHalfPi = new(ComputeHalfPi);

    /// <summary>The quadrant of a large x and its angle from the quadrant's axis, |angle| ≤ π/4, in two parts.</summary>
    /// <remarks>Exact up to the bits of π/2 (Payne and Hanek 1983, with long integers in place of a table).</remarks>
    private static (long Quadrant, double High, double Low) ReducedLargeAngle(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var mantissa = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        var exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        var scaled = new BigInteger(x < 0 ? -mantissa : mantissa) << (exponent + HalfPiBits);
        var quadrant = BigInteger.DivRem(scaled, ScaledHalfPi.Value, out var rest);
        if (BigInteger.Abs(rest) << 1 > ScaledHalfPi.Value)
        {
            quadrant += rest.Sign;
            rest -= rest.Sign * ScaledHalfPi.Value;
        }
        var high = FromScaled(rest);
        var low = FromScaled(rest - new BigInteger(Math.ScaleB(high, 160)) * (BigInteger.One << (HalfPiBits - 160)));
        return ((long)(quadrant & 3), high, low);
    }

    /// <summary>A number with <see cref="HalfPiBits"/> bits after the binary point, truncated to a double.</summary>
    private static double FromScaled(BigInteger scaled)
    {
        var excess = Math.Max(0, (int)scaled.GetBitLength() - 53);
        return Math.ScaleB((double)(long)(scaled >> excess), excess - HalfPiBits);
    }

    /// <summary>π/2 = 8 arctan(1/5) − 2 arctan(1/239) (Machin 1706), rounded down.</summary>
    private static BigInteger ComputeHalfPi()
    {
        const int guard = 32;
        return (8 * ArctangentOfReciprocal(5, HalfPiBits + guard) - 2 * ArctangentOfReciprocal(239, HalfPiBits + guard)) >> guard;
    }

    private static BigInteger ArctangentOfReciprocal(int n, int bits)
    {
        var power = (BigInteger.One << bits) / n;
        var sum = power;
        for (var k = 3; !power.IsZero; k += 2)
        {
            power /= -(n * n);
            sum += power / k;
        }
        return sum;
    }
}
