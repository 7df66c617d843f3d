using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Hdf5.Native;

/// <summary>
/// The process's libhdf5: found, loaded and checked once, at the first call. <see cref="Lock"/> guards every call into it.
/// </summary>
/// <remarks>
/// Most distributions build libhdf5 without thread safety, so that it has one error stack for the whole process. Therefore every call,
/// together with the check of its status, is made under <see cref="Lock"/>, including the release of a handle on the finalizer thread.
/// </remarks>
public static partial class Hdf5Library
{
    /// <summary>The library name that <c>LibraryImport</c> declarations use.</summary>
    public const string ImportName = "hdf5";

    /// <summary>The first release with <c>H5Dget_chunk_info</c>.</summary>
    public static readonly Version OldestSupported = new(1, 10, 5);

    private static readonly Lock Gate = new();
    private static volatile LoadedLibrary? _loaded;

    [ThreadStatic]
    private static bool _isSilent;

    /// <summary>
    /// Guards every call. Re-entrant: hold it during a call and the check of its status. Reading this property loads the library and
    /// disables the printing of this thread's errors.
    /// </summary>
    /// <exception cref="Hdf5LibraryNotFoundException">No usable library was found.</exception>
    public static Lock Lock
    {
        get
        {
            if (_loaded is null)
                Load();
            if (!_isSilent)
                Silence();
            return Gate;
        }
    }

    /// <summary>Whether a thread is inside the library now.</summary>
    public static bool IsBusy
    {
        get
        {
            if (!Gate.TryEnter())
                return true;
            Gate.Exit();
            return false;
        }
    }

    /// <summary>The file or soname that was loaded.</summary>
    public static string Path => Loaded.Path;

    /// <summary>
    /// The file that was loaded: what <see cref="Path"/> stands for if that is a soname. <see cref="Path"/> if the kernel does not list the
    /// process's files.
    /// </summary>
    public static string LoadedFile => LoadedFiles.Find(Path) ?? Path;

    /// <summary>The library's own version.</summary>
    public static Version Version => Loaded.Version;

    /// <summary>Whether the library was built thread-safe. For reports only: the lock does not rely on it.</summary>
    public static bool IsThreadSafe => Loaded.IsThreadSafe;

    private static LoadedLibrary Loaded
    {
        get
        {
            if (_loaded is null)
                Load();
            return _loaded!;
        }
    }

    /// <summary>
    /// Resolves the <c>LibraryImport(Hdf5Library.ImportName)</c> declarations of another assembly to the same library. May be called
    /// repeatedly.
    /// </summary>
    public static void RegisterImportsOf(Assembly assembly)
    {
        NativeImports.Define(ImportName, () => Loaded.Handle);
        NativeImports.RegisterFor(assembly);
    }

    /// <summary>Whether the loaded library exports a function.</summary>
    public static bool Exports(string function) => NativeLibrary.TryGetExport(Loaded.Handle, function, out _);

    /// <summary>The address of an exported function, or zero if this release does not have it.</summary>
    internal static nint AddressOf(string function) => NativeLibrary.TryGetExport(Loaded.Handle, function, out var address) ? address : 0;

    /// <summary>The value of an exported <c>hid_t</c> variable, such as <c>H5T_IEEE_F64LE_g</c>.</summary>
    internal static unsafe long Identifier(string variable)
    {
        // The variables are filled in by H5open, which Load has called.
        return *(long*)NativeLibrary.GetExport(Loaded.Handle, variable);
    }

    private static void Load()
    {
        lock (Gate)
        {
            if (_loaded is not null)
                return;
            RegisterImportsOf(typeof(Hdf5Library).Assembly);
            // .NET does not pass environment variables to getenv, and libhdf5 reads this one when it is initialised.
            if (SetEnvironment("HDF5_USE_FILE_LOCKING", "FALSE", 1) != 0)
                throw new InvalidOperationException("setenv(HDF5_USE_FILE_LOCKING) failed: the environment of this process is full.");
            _loaded = Find(Hdf5LibrarySearch.Candidates(Environment.GetEnvironmentVariable, AppContext.BaseDirectory));
            ShowSymbolsToPlugins(_loaded.Path);
        }
    }

    /// <summary>A thread-safe library has an error stack, and a setting for printing it, per thread.</summary>
    private static void Silence()
    {
        _isSilent = true; // first, because the call below takes the lock too
        H5E.set_auto(H5E.DEFAULT, 0, 0);
    }

    /// <summary>
    /// Filter plugins (lzf, zstd, …) are seldom linked against libhdf5: they resolve its functions from the process's global symbols, to
    /// which a library loaded by .NET does not belong. Debian's lzf plugin needs liblzf in the same way without declaring it, so it is
    /// loaded too, if installed. Without dlopen, plugins may fail to load, which HDF5 reports.
    /// </summary>
    private static unsafe void ShowSymbolsToPlugins(string path)
    {
        const int lazyGlobal = 0x1 | 0x100; // RTLD_LAZY | RTLD_GLOBAL of glibc and musl
        const int ifLoaded = 0x4; // RTLD_NOLOAD
        foreach (var holder in (ReadOnlySpan<string>)["libdl.so.2", "libc.so.6"]) // a part of libc since glibc 2.34
        {
            if (!NativeLibrary.TryLoad(holder, out var handle) || !NativeLibrary.TryGetExport(handle, "dlopen", out var open))
                continue;
            var dlopen = (delegate* unmanaged<byte*, int, nint>)open;
            fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
                _ = dlopen(name, lazyGlobal | ifLoaded);
            fixed (byte* name = "liblzf.so.1\0"u8)
                _ = dlopen(name, lazyGlobal);
            return;
        }
    }

    /// <summary>The first candidate that can be loaded and is new enough.</summary>
    internal static LoadedLibrary Find(IEnumerable<Hdf5LibraryCandidate> candidates)
    {
        var outcomes = new List<string>();
        foreach (var (path, reason, hasCompanions) in candidates)
        {
            if (hasCompanions)
                CompanionLibraries.Load(path);
            if (!NativeLibrary.TryLoad(path, out var handle))
            {
                outcomes.Add($"{path} ({reason}): not found or not loadable");
                continue;
            }
            if (!NativeLibrary.TryGetExport(handle, "H5get_libversion", out _))
            {
                outcomes.Add($"{path} ({reason}): is not an HDF5 library");
                continue;
            }
            var library = LoadedLibrary.Ask(path, handle);
            if (library.Version >= OldestSupported)
                return library;
            outcomes.Add($"{path} ({reason}): is version {library.Version}, too old; {OldestSupported} or newer is needed");
        }
        throw new Hdf5LibraryNotFoundException(Hdf5LibrarySearch.NotFound(outcomes));
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

/// <summary>A loaded libhdf5 and its properties.</summary>
internal sealed record LoadedLibrary(string Path, nint Handle, Version Version, bool IsThreadSafe)
{
    /// <summary>Initialises the library and reads its version and thread-safety.</summary>
    /// <remarks>
    /// Its exit handler is disabled: it would close what is still open, which after a failed write (a full disk) writes into the file or
    /// crashes. Files are closed explicitly instead.
    /// </remarks>
    public static unsafe LoadedLibrary Ask(string path, nint handle)
    {
        ((delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "H5dont_atexit"))();
        ((delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "H5open"))();
        uint major,
            minor,
            release;
        ((delegate* unmanaged<uint*, uint*, uint*, int>)NativeLibrary.GetExport(handle, "H5get_libversion"))(&major, &minor, &release);
        var threadSafe = 0; // hbool_t is one byte or four, by release; zero fills the rest
        if (NativeLibrary.TryGetExport(handle, "H5is_library_threadsafe", out var ask))
            ((delegate* unmanaged<int*, int>)ask)(&threadSafe);
        return new(path, handle, new Version((int)major, (int)minor, (int)release), threadSafe != 0);
    }
}

/// <summary>No usable libhdf5 on this machine. The message lists all locations tried and how to install the library.</summary>
/// <param name="message">The complete message.</param>
/// <param name="inner">The loader's failure, if a library was named explicitly.</param>
public sealed class Hdf5LibraryNotFoundException(string message, Exception? inner = null) : BadInputException(message, inner);
