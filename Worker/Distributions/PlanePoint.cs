using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Distributions;

/// <summary>A complex number whose operations have the same bits on every processor; without scaling against overflow.</summary>
/// <param name="Re">The real part.</param>
/// <param name="Im">The imaginary part.</param>
internal readonly record struct PlanePoint(double Re, double Im)
{
    /// <summary>The number with a given modulus and argument.</summary>
    public static PlanePoint Polar(double modulus, double argument)
    {
        var (sin, cos) = ReproducibleMath.SinCos(argument);
        return new(modulus * cos, modulus * sin);
    }

    /// <summary>The product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PlanePoint Times(PlanePoint other) => new(Re * other.Re - Im * other.Im, Re * other.Im + Im * other.Re);

    /// <summary>The product with a real number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PlanePoint Times(double factor) => new(Re * factor, Im * factor);

    /// <summary>The quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PlanePoint Over(PlanePoint other)
    {
        var inverse = 1 / (other.Re * other.Re + other.Im * other.Im);
        return new((Re * other.Re + Im * other.Im) * inverse, (Im * other.Re - Re * other.Im) * inverse);
    }

    /// <summary>The root whose argument is between −π and 0.</summary>
    public PlanePoint RootBelow()
    {
        var large = Math.Sqrt(0.5 * (Math.Sqrt(Re * Re + Im * Im) + Math.Abs(Re)));
        if (large == 0)
            return default;
        var small = 0.5 * Im / large;
        // (large + i small)² has a positive real part; with the parts exchanged a negative one.
        return Re >= 0
            ? small > 0
                ? new(-large, -small)
                : new(large, small)
            : new(-small, -large);
    }

    /// <summary>A power by repeated squaring.</summary>
    public PlanePoint Power(int exponent)
    {
        PlanePoint result = new(1, 0),
            square = this;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = result.Times(square);
            square = square.Times(square);
        }
        return result;
    }
}
