using HpcFit.Worker.Distributions;
using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>
/// Standard normal vectors that depend on nothing but their indices: the same for every element, thread and run. Immutable.
/// </summary>
internal sealed class NormalDraws
{
    /// <summary>The number of vectors.</summary>
    public const int Count = 10_000;

    /// <summary>The generator's key, an arbitrary constant.</summary>
    private const ulong Key = 0x5349_4d55_4c54_414e;

    private readonly double[] _values;

    /// <summary>Draws vectors with <paramref name="size"/> components.</summary>
    public NormalDraws(int size)
    {
        Size = size;
        _values = new double[size * Count];
        for (var component = 0; component < size; component++)
        for (var draw = 0; draw < Count; draw++)
            _values[(component * Count) + draw] = Normal(component, draw);
    }

    /// <summary>The number of components of a vector.</summary>
    public int Size { get; }

    /// <summary>One component of all vectors.</summary>
    public ReadOnlySpan<double> Component(int index) => _values.AsSpan(index * Count, Count);

    /// <summary>By inversion of a uniform number of 53 bits, never 0 or 1.</summary>
    private static double Normal(int component, int draw)
    {
        var bits = Philox4x32.Compute(new((uint)draw, (uint)component, 0, 0), Key);
        var whole = (((ulong)bits.A << 32) | bits.B) >> 11;
        return StandardNormal.Quantile((whole + 0.5) / (1UL << 53));
    }
}
