using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Distributions;

/// <summary>
/// Elementary functions in double precision with the same bits on every processor: only + − × ÷ and integer operations, never a fused
/// multiply-add, never the platform's libm. Special values are those of IEEE 754-2019 section 9.2; the tests check the error bounds.
/// </summary>
/// <remarks>
/// Argument reduction after Cody and Waite, "Software Manual for the Elementary Functions" (1980); the reconstruction steps that keep the
/// error below an ulp after Muller, "Elementary Functions", 3rd ed. (2016), chapters 5 and 11. The series are Taylor's, whose
/// coefficients are the reciprocal integers and factorials themselves.
/// </remarks>
internal static partial class ReproducibleMath
{
    /// <summary>ln 10.</summary>
    public const double LnTen = 2.3025850929940456840;

    /// <summary>1.5 · 2^52: adding it rounds a double below 2^51 to an integer (ties to even), which is in the low bits of the
    /// sum.</summary>
    private const double RoundingShift = 6755399441055744.0;

    /// <summary>ln 2 to 32 bits, so that its product with an exponent is exact.</summary>
    private const double Ln2High = 0.6931471803691238;

    /// <summary>ln 2 − <see cref="Ln2High"/>.</summary>
    private const double Ln2Low = 1.9082149292705877e-10;

    private const double Ln2Inverse = 1.4426950408889634;

    /// <summary>2^k for whole k between −1022 and 1023.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PowerOfTwo(double k) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(k + (RoundingShift + 1023)) << 52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Round(double x) => x + RoundingShift - RoundingShift;
}
