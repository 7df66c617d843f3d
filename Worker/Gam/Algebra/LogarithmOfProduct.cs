using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Gam.Algebra;

/// <summary>The logarithm of a product of positive factors of any size, by few logarithms: one whenever the product gets far from 1.</summary>
internal struct LogarithmOfProduct()
{
    private const double Largest = 1e150;
    private double logarithm;
    private double product = 1;

    /// <summary>The logarithm.</summary>
    public readonly double Value => logarithm + ReproducibleMath.Log(product);

    /// <summary>Multiplies by a factor.</summary>
    public void Multiply(double factor)
    {
        if (factor is > Largest or < 1 / Largest)
        {
            logarithm += ReproducibleMath.Log(factor);
            return;
        }
        product *= factor;
        if (product is <= Largest and >= 1 / Largest) return;
        logarithm += ReproducibleMath.Log(product);
        product = 1;
    }
}
