using System.Diagnostics;
using System.Text;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Records which HDF5 file a child process has open, in memory that outlives it: libhdf5 crashes on some damaged files, and the parent then
/// reports the file. The parent creates the record and passes its name and place in the environment; the child writes into it.
/// </summary>
/// <remarks>
/// A stale environment, or one that a user's script passed on, may name a place where something else is now, even a data file. So the child
/// writes only into memory that has the name, which is unique.
/// </remarks>
public sealed class OpenFileRecord : IDisposable
{
    private const string Variable = "HPCFIT_OPEN_FILE_RECORD";
    private const char Separator = ' ';
    private const int MaxBytes = 1 << 13; // twice PATH_MAX

    private static readonly Lazy<SafeFileHandle?> ParentRecord = new(OpenParentRecord);
    private static string _current = "";
    private readonly string _name = $"hpcfit-open-file-{Guid.NewGuid():N}";
    private readonly SafeFileHandle _memory;

    private OpenFileRecord() => _memory = Posix.SharedMemory(_name);

    /// <summary>The HDF5 file that this process has open; the one opened last if there are several, empty if there is none.</summary>
    public static string Current => Volatile.Read(ref _current);

    /// <summary>Creates a record for one child.</summary>
    public static OpenFileRecord Create() => new();

    /// <summary>Makes a process that is about to be started write into this record.</summary>
    public void PassTo(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.Environment[Variable] = $"/proc/{Environment.ProcessId}/fd/{_memory.DangerousGetHandle()}{Separator}{_name}";
    }

    /// <summary>The file that the child has open, or had open when it ended; null if there is none.</summary>
    public string? Read()
    {
        var bytes = new byte[MaxBytes];
        var length = RandomAccess.Read(_memory, bytes, 0);
        return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>Records that this process has opened <paramref name="path"/>; an empty string means none.</summary>
    public static void Set(string path)
    {
        Volatile.Write(ref _current, path);
        if (ParentRecord.Value is not { } memory)
            return;
        var bytes = Encoding.UTF8.GetBytes(path);
        RandomAccess.SetLength(memory, 0);
        RandomAccess.Write(memory, bytes.AsSpan(0, Math.Min(bytes.Length, MaxBytes)), 0);
    }

    /// <summary>The parent's record, which child processes of this one do not inherit.</summary>
    private static SafeFileHandle? OpenParentRecord()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(Separator) is not [var path, var name])
            return null;
        Environment.SetEnvironmentVariable(Variable, null);
        try
        {
            return new FileInfo(path).LinkTarget == $"/memfd:{name} (deleted)"
                ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)
                : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null; // started with a stale environment: there is no record to write
        }
    }
}
