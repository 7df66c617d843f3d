using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// Bytes that a child process reads as a file: anonymous memory, opened through this process's descriptor. It vanishes with this process,
/// however that ends, and needs no writable folder.
/// </summary>
public sealed class MemoryFile : IDisposable
{
    private readonly SafeFileHandle _memory = Posix.SharedMemory("hpcfit");

    /// <summary>Copies the bytes into anonymous memory.</summary>
    public MemoryFile(ReadOnlySpan<byte> bytes) => RandomAccess.Write(_memory, bytes, 0);

    /// <summary>The path by which processes of this user read it, until <see cref="Dispose"/>.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_memory.DangerousGetHandle()}";

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
