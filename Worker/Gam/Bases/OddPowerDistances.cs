namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// The matrix of <c>c |xᵢ - xⱼ|^p</c>, p odd, of ascending points: computes its products with vectors in time proportional to the number of
/// points, by sums of powers over the points to the left. Thin plate splines of one variable need it for each pattern of missing subjects.
/// </summary>
/// <remarks>
/// For odd p, terms to the right of a point have the opposite sign of those to the left, and <c>(xᵢ - xⱼ)^p</c> is a sum of products of
/// powers. Points are scaled to [-1, 1], where cancellation costs no more than a few units in the last place of the matrix's norm.
/// </remarks>
internal sealed class OddPowerDistances
{
    private readonly double[] _points;
    private readonly double[] _binomials; // with alternating signs
    private readonly double[] _left;
    private readonly double[] _total;
    private readonly double _scale;
    private readonly int _power;

    /// <summary>Prepares the products for the given points.</summary>
    public OddPowerDistances(double[] ascending, int power, double factor)
    {
        double middle = (ascending[0] + ascending[^1]) / 2,
            half = (ascending[^1] - ascending[0]) / 2;
        _points = [.. ascending.Select(x => (x - middle) / half)];
        this._power = power;
        _scale = factor;
        for (var i = 0; i < power; i++)
            _scale *= half;
        _binomials = new double[power + 1];
        _binomials[0] = 1;
        for (var q = 1; q <= power; q++)
            _binomials[q] = -_binomials[q - 1] * (power - q + 1) / q;
        (_left, _total) = (new double[power + 1], new double[power + 1]);
    }

    /// <summary>Writes the product with a vector.</summary>
    public void Multiply(ReadOnlySpan<double> vector, Span<double> product)
    {
        Array.Clear(_total);
        Array.Clear(_left);
        for (var i = 0; i < _points.Length; i++)
            AddPowers(_points[i], vector[i], _total);
        for (var i = 0; i < _points.Length; i++)
        {
            AddPowers(_points[i], vector[i], _left);
            // Σ over q of C(p, q) (-1)^q xᵢ^(p-q) (left - right), by Horner's rule in xᵢ.
            var sum = 0.0;
            for (var q = 0; q <= _power; q++)
                sum = sum * _points[i] + _binomials[q] * (2 * _left[q] - _total[q]);
            product[i] = _scale * sum;
        }
    }

    private static void AddPowers(double point, double weight, double[] sums)
    {
        for (var q = 0; q < sums.Length; q++)
        {
            sums[q] += weight;
            weight *= point;
        }
    }
}
