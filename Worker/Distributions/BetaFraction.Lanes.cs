using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Distributions;

internal readonly partial struct BetaFraction
{
    /// <summary><see cref="At(double, double, double)"/> for a register of values, with the same bits in every lane.</summary>
    /// <param name="x">Between 0 and 1.</param>
    /// <param name="y">1 − x, accurate if it is small.</param>
    /// <param name="lambda">a − (a + b) x, accurate if it is small.</param>
    /// <param name="wanted">A mask of the requested lanes; the values of the others are undefined.</param>
    public TLanes At<TLanes>(TLanes x, TLanes y, TLanes lambda, TLanes wanted)
        where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Broadcast(1);
        var tolerance = TLanes.Broadcast(Tolerance);
        var square = x * x;
        var shift = lambda + one;
        var growth = one + y;
        var (numeratorBefore, numerator) = (default(TLanes), one);
        var (denominatorBefore, denominator) = (one, TLanes.Broadcast(Coefficients(0).Scale) * shift);
        numerator /= denominator;
        denominatorBefore /= denominator;
        denominator = one;
        var result = TLanes.Broadcast(double.NaN);
        var steps = _table.AsSpan();
        for (var n = 1; n < MaxSteps; )
        {
            var before = numerator;
            for (var end = n + StepsPerCheck; n < end; n++)
            {
                var step = n < steps.Length ? steps[n] : Coefficients(n);
                var alpha = TLanes.Broadcast(step.Square) * square;
                var index = TLanes.Broadcast(n);
                var beta = TLanes.AddProduct(
                    TLanes.AddProduct(index, TLanes.Broadcast(step.Linear), x),
                    TLanes.Broadcast(step.Scale),
                    TLanes.AddProduct(shift, index, growth)
                );
                (numeratorBefore, numerator) = (numerator, TLanes.AddProduct(alpha * numeratorBefore, beta, numerator));
                (denominatorBefore, denominator) = (denominator, TLanes.AddProduct(alpha * denominatorBefore, beta, denominator));
            }
            var inverse = one / denominator;
            numerator *= inverse;
            numeratorBefore *= inverse;
            denominatorBefore *= inverse;
            denominator = one;
            // A lane keeps its value from when it converged, as the scalar form does.
            var converged = TLanes.WhereSet(wanted, TLanes.LessThanOrEqual(TLanes.Abs(numerator - before), tolerance * numerator));
            result = TLanes.Select(converged, numerator, result);
            wanted = TLanes.Drop(converged, wanted);
            if (!TLanes.Any(wanted))
                return result;
        }
        return result;
    }
}
