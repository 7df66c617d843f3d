using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.Kernels;

/// <summary>Registers in memory, aligned to lines of the cache, so that no access touches two of them.</summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class LaneArray<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private const int Line = 64;

    private readonly double[] _values;
    private readonly int _first;
    private readonly int _length;

    /// <summary>Allocates registers, which are 0.</summary>
    public LaneArray(int length)
    {
        _length = length;
        // On the heap of pinned objects, where the address stays.
        _values = GC.AllocateArray<double>((length * TLanes.Count) + (Line / sizeof(double)), pinned: true);
        var beyond = Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0) % Line;
        _first = beyond == 0 ? 0 : (int)((Line - beyond) / sizeof(double));
    }

    /// <summary>The registers.</summary>
    public Span<TLanes> Span => MemoryMarshal.CreateSpan(ref Unsafe.As<double, TLanes>(ref _values[_first]), _length);

    /// <summary>The lanes, register by register.</summary>
    public Span<double> Lanes => _values.AsSpan(_first, _length * TLanes.Count);
}
