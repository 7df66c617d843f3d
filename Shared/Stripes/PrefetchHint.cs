using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace HpcFit.Shared.Stripes;

/// <summary>
/// Where the bytes are from which the next values will be made: rows of one or several planes, seen as lines of 64 bytes. A loop over the
/// rows of the current values can prefetch one such line per row while it computes (<see cref="Start"/>). A hint: it changes no result,
/// only time, and it is empty where there is nothing to prefetch. Engines pass it on unread.
/// </summary>
public readonly struct PrefetchHint
{
    private const int LineBytes = 64;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly long _first;
    private readonly int _count;
    private readonly int _pitch;
    private readonly int _planes;
    private readonly long _planePitch;

    /// <summary>A hint.</summary>
    /// <param name="bytes">The memory.</param>
    /// <param name="first">Offset of the first row's first byte, in the first plane.</param>
    /// <param name="count">Bytes of a row in a plane, at least 1.</param>
    /// <param name="pitch">Bytes from one row to the next.</param>
    /// <param name="planes">How many planes: the bytes per value where they are shuffled, else 1.</param>
    /// <param name="planePitch">Bytes from one plane to the next.</param>
    internal PrefetchHint(ReadOnlyMemory<byte> bytes, long first, int count, int pitch, int planes, long planePitch) =>
        (_bytes, _first, _count, _pitch, _planes, _planePitch) = (bytes, first, count, pitch, planes, planePitch);

    /// <summary>How many lines a row spans.</summary>
    internal int Lines => _planes * LinesPerPlane;

    private int LinesPerPlane => (_count + LineBytes - 1) / LineBytes;

    /// <summary>Begins to prefetch one line of every row, from the first row on.</summary>
    /// <param name="line">The line's number; nothing is prefetched when a row has fewer lines.</param>
    /// <param name="atHand">Memory in use anyway, which is prefetched where there is nothing else.</param>
    public Cursor Start(int line, ReadOnlySpan<double> atHand) =>
        line < Lines ? new(ref Unsafe.AsRef(in ByteOfFirstRow(line)), _pitch) : Cursor.Idle(atHand);

    /// <summary>A line's last byte in the first row: the beginning of the line was fetched with the bytes before it.</summary>
    private ref readonly byte ByteOfFirstRow(int line)
    {
        var (plane, lineInPlane) = Math.DivRem(line, LinesPerPlane);
        var at = _first + (plane * _planePitch) + Math.Min((lineInPlane * LineBytes) + LineBytes - 1, _count - 1);
        return ref _bytes.Span[checked((int)at)];
    }

    /// <summary>A line of the current row.</summary>
    public readonly ref struct Cursor
    {
        private readonly ref byte _byte;
        private readonly int _pitch;

        internal Cursor(ref byte line, int pitch)
        {
            _byte = ref line;
            _pitch = pitch;
        }

        /// <summary>A byte of the line, for tests.</summary>
        internal byte Value => _byte;

        /// <summary>Prefetches <paramref name="atHand"/> again and again, which costs nothing: a loop needs no other branch.</summary>
        public static Cursor Idle(ReadOnlySpan<double> atHand) =>
            new(ref Unsafe.As<double, byte>(ref MemoryMarshal.GetReference(atHand)), 0);

        /// <summary>Prefetches the line, where the processor can, and moves to the next row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static unsafe void Next(ref Cursor cursor)
        {
            if (!Sse.IsSupported)
                return;
            Sse.Prefetch1(Unsafe.AsPointer(ref cursor._byte));
            cursor = new(ref Unsafe.AddByteOffset(ref cursor._byte, cursor._pitch), cursor._pitch);
        }
    }
}
