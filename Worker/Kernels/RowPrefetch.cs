using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Kernels;

/// <summary>
/// A cache line a row to bring nearer: what comes next is then fetched while the processor computes, and is there when its turn comes. A
/// hint: it changes nothing but time, and there is none where the processor has no instruction for it.
/// </summary>
internal readonly ref struct RowPrefetch
{
    private readonly ref byte _first;
    private readonly int _pitch;

    private RowPrefetch(ref byte first, int pitch)
    {
        _first = ref first;
        _pitch = pitch;
    }

    /// <summary>Of what is coming, the line of a number; nothing where there is no such line.</summary>
    public static RowPrefetch From(scoped in PrefetchHint coming, int line, ReadOnlySpan<double> otherwise) =>
        line < coming.Lines ? new(ref Unsafe.AsRef(in coming.FirstOf(line)), coming.Pitch) : Nothing(otherwise);

    /// <summary>Touches what is at hand anyway.</summary>
    public static RowPrefetch Nothing(ReadOnlySpan<double> atHand) =>
        new(ref Unsafe.As<double, byte>(ref MemoryMarshal.GetReference(atHand)), 0);

    /// <summary>Touches a row's line and turns to the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Next(ref RowPrefetch touch)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch1(Unsafe.AsPointer(ref touch._first));
        touch = new(ref Unsafe.AddByteOffset(ref touch._first, touch._pitch), touch._pitch);
    }
}
