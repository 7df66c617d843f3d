namespace HpcFit.Worker.Distributions;

internal static partial class ReproducibleMath
{
    private const double HalfPi = 1.5707963267948966;

    /// <summary>π/2 to 33 bits, so that its product with a whole number below 2^20 is exact.</summary>
    private const double HalfPiHigh = 1.5707963267341256;

    private const double HalfPiLow = 6.077100506506192e-11;
    private const double TwoOverPi = 0.6366197723675814;

    /// <summary>The angle of the point (x, y) for y ≥ 0: between 0 and π, to about 1e-15.</summary>
    public static double UpperAngle(double y, double x)
    {
        var magnitude = Math.Abs(x);
        var acute = magnitude >= y ? SmallAngle(y / magnitude) : HalfPi - SmallAngle(magnitude / y);
        return x >= 0 ? acute : 2 * HalfPi - acute;
    }

    /// <summary>sin x and cos x to about 1e-15 for |x| below 10^6.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        var k = Round(x * TwoOverPi);
        var r = x - k * HalfPiHigh - k * HalfPiLow;
        var (sin, cos) = NearZero(r);
        return ((long)k & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>arctan of a tangent between 0 and 1: halved twice, then its series.</summary>
    private static double SmallAngle(double tangent)
    {
        tangent /= 1 + Math.Sqrt(1 + tangent * tangent);
        tangent /= 1 + Math.Sqrt(1 + tangent * tangent);
        // The series of artanh at the square's negative is that of arctan.
        return 4 * (tangent + tangent * ArtanhExcess(-tangent * tangent));
    }

    private static (double Sin, double Cos) NearZero(double x)
    {
        var z = x * x;
        var (sin, cos) = (0.0, 0.0);
        for (var n = 18; n >= 2; n -= 2)
        {
            sin = (1 + sin) * -z / (n * (n + 1));
            cos = (1 + cos) * -z / (n * (n - 1));
        }
        return (x + x * sin, 1 + cos);
    }
}
