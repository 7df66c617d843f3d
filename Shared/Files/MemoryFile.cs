using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Files;

/// <summary>
/// Bytes that a program started by this one reads as a file: memory that is opened by this process's descriptor. It is gone with this
/// process, however that ends, and needs no folder that takes files.
/// </summary>
public sealed class MemoryFile : IDisposable
{
    private readonly SafeFileHandle _memory = Posix.SharedMemory();

    /// <summary>Keeps the bytes.</summary>
    public MemoryFile(ReadOnlySpan<byte> bytes) => RandomAccess.Write(_memory, bytes, 0);

    /// <summary>The path by which processes of this user read it, until <see cref="Dispose"/>.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_memory.DangerousGetHandle()}";

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
