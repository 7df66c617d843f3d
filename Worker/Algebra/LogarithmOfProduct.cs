using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Algebra;

/// <summary>
/// The logarithm of a product of positive factors of any size, with few evaluations of the logarithm: one whenever the product is far from
/// 1.
/// </summary>
internal struct LogarithmOfProduct()
{
    private const double Largest = 1e150;
    private double _logarithm;
    private double _product = 1;

    /// <summary>The logarithm.</summary>
    public readonly double Value => _logarithm + ReproducibleMath.Log(_product);

    /// <summary>Multiplies by a factor; NaN makes the logarithm NaN.</summary>
    public void Multiply(double factor)
    {
        if (factor is > Largest or < 1 / Largest)
        {
            _logarithm += ReproducibleMath.Log(factor);
            return;
        }
        _product *= factor;
        if (_product is <= Largest and >= 1 / Largest)
            return;
        _logarithm += ReproducibleMath.Log(_product);
        _product = 1;
    }
}
