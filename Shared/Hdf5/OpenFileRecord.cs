using System.Diagnostics;
using System.Globalization;
using System.Text;
using HpcFit.Shared.Files;
using Microsoft.Win32.SafeHandles;

namespace HpcFit.Shared.Hdf5;

/// <summary>
/// Which HDF5 file a child process has open, in memory that outlives it: libhdf5 crashes on some damaged files, and the parent then names
/// the file. The parent creates the record and passes its descriptor in the environment; the child writes into it.
/// </summary>
public sealed class OpenFileRecord : IDisposable
{
    private const string Variable = "HPCFIT_OPEN_FILE_RECORD";
    private const int MaxBytes = 1 << 13; // twice PATH_MAX

    private static readonly Lazy<SafeFileHandle?> Parents = new(OfParent);
    private static string _current = "";
    private readonly SafeFileHandle _memory;

    private OpenFileRecord(SafeFileHandle memory) => _memory = memory;

    /// <summary>The HDF5 file that this process has open; the one opened last when there are several, empty when there is none.</summary>
    public static string Current => Volatile.Read(ref _current);

    /// <summary>A record for one child.</summary>
    public static OpenFileRecord Create() => new(Posix.SharedMemory());

    /// <summary>Lets the process that will be started write into this record.</summary>
    public void PassTo(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.Environment[Variable] = _memory.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The file that the child has open, or had open when it ended; null when there is none.</summary>
    public string? Read()
    {
        var bytes = new byte[MaxBytes];
        var length = RandomAccess.Read(_memory, bytes, 0);
        return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>Records that this process has opened <paramref name="path"/>, or, when it is empty, that it has none open.</summary>
    public static void Set(string path)
    {
        Volatile.Write(ref _current, path);
        if (Parents.Value is not { } memory)
            return;
        var bytes = Encoding.UTF8.GetBytes(path);
        RandomAccess.SetLength(memory, 0);
        RandomAccess.Write(memory, bytes.AsSpan(0, Math.Min(bytes.Length, MaxBytes)), 0);
    }

    /// <summary>The parent's record; what this process starts does not inherit it.</summary>
    private static SafeFileHandle? OfParent()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var descriptor))
            return null;
        Environment.SetEnvironmentVariable(Variable, null);
        // By name: a second descriptor that programs started from here do not get.
        try
        {
            return File.OpenHandle($"/proc/self/fd/{descriptor}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null; // started by another program with a stale environment: nobody reads the record
        }
    }
}
