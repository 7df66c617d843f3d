using HpcFit.Worker.Families;

namespace HpcFit.Worker.Gam.Generalized;

/// <summary>The first four derivatives of μ = g⁻¹(η), and the chain rule with them (Faà di Bruno's formula).</summary>
internal readonly struct MeanDerivatives
{
    private readonly double _first,
        _second,
        _third,
        _fourth;

    /// <summary>The derivatives of the inverse of a link.</summary>
    /// <param name="link">g', g'', g''' and g'''' at the mean.</param>
    public MeanDerivatives(in LinkDerivatives link)
    {
        var h = 1 / link.First;
        double a = link.Second * h * h,
            b = link.Third * h * h * h,
            c = link.Fourth * h * h * h * h;
        _first = h;
        _second = -a * h;
        _third = ((3 * a * a) - b) * h;
        _fourth = ((10 * a * b) - (15 * a * a * a) - c) * h;
    }

    /// <summary>dF/dη from dF/dμ.</summary>
    public double First(double f1) => f1 * _first;

    /// <summary>d²F/dη².</summary>
    public double Second(double f1, double f2) => (f2 * _first * _first) + (f1 * _second);

    /// <summary>d³F/dη³.</summary>
    public double Third(double f1, double f2, double f3) => (f3 * _first * _first * _first) + (3 * f2 * _first * _second) + (f1 * _third);

    /// <summary>d⁴F/dη⁴.</summary>
    public double Fourth(double f1, double f2, double f3, double f4) =>
        (f4 * _first * _first * _first * _first)
        + (6 * f3 * _first * _first * _second)
        + (f2 * ((3 * _second * _second) + (4 * _first * _third)))
        + (f1 * _fourth);
}
