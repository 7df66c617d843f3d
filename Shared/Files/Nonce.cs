using System.Runtime.InteropServices;

namespace HpcFit.Shared.Files;

/// <summary>
/// Random bytes from the kernel, so that names created by two processes, even on two nodes, never collide. Needs no cryptographic library.
/// </summary>
public static partial class Nonce
{
    /// <summary>The most that <c>getrandom</c> returns at once, without being interrupted by a signal (getrandom(2)).</summary>
    private const int MaxBytes = 256;

    /// <summary>Random bytes as lower-case hexadecimal digits, two per byte.</summary>
    /// <param name="bytes">How many bytes, 1 to 256.</param>
    /// <exception cref="IOException">The kernel returned too few random bytes.</exception>
    public static unsafe string Hex(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        Span<byte> random = stackalloc byte[bytes];
        nint read;
        fixed (byte* start = random)
            read = getrandom(start, (nuint)bytes, 0);
        return read == bytes
            ? Convert.ToHexStringLower(random)
            : throw new IOException(
                $"getrandom returned {read} of {bytes} bytes: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"
            );
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint getrandom(byte* buffer, nuint length, uint flags);
}
