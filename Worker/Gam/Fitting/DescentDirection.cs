using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// A Newton descent direction: the step to the minimum of the quadratic model if the criterion is convex, otherwise a step downhill along
/// each eigenvector of the Hessian, scaled by the absolute curvature. A workspace; not thread-safe.
/// </summary>
/// <remarks>Nocedal and Wright 2006, §3.4.</remarks>
internal sealed class DescentDirection(int size)
{
    private readonly DenseMatrix _factor = new(size, size);
    private readonly SymmetricEigen _axes = new(size);

    /// <summary>Writes the Newton step; false, with nothing written, if the criterion is not convex.</summary>
    public bool TryNewton(ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian, Span<double> step)
    {
        hessian.CopyTo(_factor.Values);
        if (!Cholesky.TryFactor(_factor))
            return false;
        for (var i = 0; i < size; i++)
        {
            var sum = -gradient[i];
            for (var k = 0; k < i; k++)
                sum -= _factor[i, k] * step[k];
            step[i] = sum / _factor[i, i];
        }
        for (var i = size - 1; i >= 0; i--)
        {
            var sum = step[i];
            for (var k = i + 1; k < size; k++)
                sum -= _factor[k, i] * step[k];
            step[i] = sum / _factor[i, i];
        }
        return true;
    }

    /// <summary>Writes the step along the eigenvectors, at most <paramref name="longest"/> along each.</summary>
    public void AlongAxes(ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian, double longest, Span<double> step)
    {
        hessian.CopyTo(_factor.Values);
        _axes.Decompose(_factor);
        step.Clear();
        for (var a = 0; a < size; a++)
        {
            var slope = 0.0;
            for (var j = 0; j < size; j++)
                slope += _axes.Vectors[j, a] * gradient[j];
            if (slope == 0)
                continue;
            var length = Math.Clamp(-slope / Math.Abs(_axes.Values[a]), -longest, longest);
            for (var j = 0; j < size; j++)
                step[j] += length * _axes.Vectors[j, a];
        }
    }
}
