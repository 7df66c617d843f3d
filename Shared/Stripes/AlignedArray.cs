using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HpcFit.Shared.Stripes;

/// <summary>A growing buffer whose first value is at the beginning of a cache line. Its values are lost when it grows.</summary>
internal sealed class AlignedArray<T>
    where T : unmanaged
{
    private const int CacheLine = 64;

    private T[] _values = [];
    private int _start;

    /// <summary>The values.</summary>
    public Memory<T> Memory => _values.AsMemory(_start);

    /// <inheritdoc cref="Memory"/>
    public Span<T> Span => _values.AsSpan(_start);

    /// <summary>Ensures a length of at least <paramref name="count"/> values.</summary>
    public void Reserve(int count)
    {
        if (_values.Length - _start >= count)
            return;
        var spare = CacheLine / Unsafe.SizeOf<T>();
        // Pinned, so that the collector does not move it off the cache line.
        _values = GC.AllocateUninitializedArray<T>(checked(count + spare), pinned: true);
        _start = (int)(-Address & (CacheLine - 1)) / Unsafe.SizeOf<T>();
    }

    private unsafe long Address => (long)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values));
}
