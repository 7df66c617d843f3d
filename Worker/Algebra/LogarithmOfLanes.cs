using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Algebra;

/// <summary>The logarithm of a product of many positive numbers per lane, with one logarithm for several factors.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal struct LogarithmOfLanes<TLanes>()
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Factors of 1e±35 at most fit into one product.</summary>
    private const int Together = 8;

    private TLanes _product = TLanes.Broadcast(1);
    private TLanes _sum;
    private int _count;

    /// <summary>The logarithm.</summary>
    public readonly TLanes Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count == 0 ? _sum : _sum + ReproducibleMath.Log(_product);
    }

    /// <summary>Multiplies by a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(TLanes factor)
    {
        _product *= factor;
        if (++_count < Together)
            return;
        (_sum, _product, _count) = (Value, TLanes.Broadcast(1), 0);
    }
}
