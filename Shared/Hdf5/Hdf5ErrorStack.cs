using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Shared.Hdf5;

/// <summary>Reads libhdf5's error stack as text. Automatic printing is disabled when the lock is taken.</summary>
internal static unsafe class Hdf5ErrorStack
{
    /// <summary>
    /// Returns the default stack, outermost call first, and clears it. Call it under <see cref="Hdf5Library.Lock"/>, immediately after the
    /// failed call.
    /// </summary>
    public static string Take()
    {
        var lines = new StringBuilder();
        var handle = GCHandle.Alloc(lines);
        try
        {
            _ = H5E.walk(
                H5E.DEFAULT,
                H5E.WALK_DOWNWARD,
                (nint)(delegate* unmanaged[Cdecl]<uint, Entry*, nint, int>)&Append,
                GCHandle.ToIntPtr(handle)
            );
            _ = H5E.clear(H5E.DEFAULT);
        }
        finally
        {
            handle.Free();
        }
        return lines.ToString().TrimEnd();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Append(uint depth, Entry* entry, nint lines)
    {
        ((StringBuilder)GCHandle.FromIntPtr(lines).Target!)
            .Append("  ")
            .Append(Marshal.PtrToStringUTF8(entry->Function))
            .Append(": ")
            .AppendLine(Marshal.PtrToStringUTF8(entry->Description));
        return 0;
    }

    /// <summary><c>H5E_error2_t</c>, the same from 1.8 to 2.x.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Entry
    {
        public readonly long Class;
        public readonly long Major;
        public readonly long Minor;
        public readonly uint Line;
        public readonly nint Function;
        public readonly nint File;
        public readonly nint Description;
    }
}
