using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace HpcFit.Shared.Files;

/// <summary>Resolves the libraries of an assembly's <c>LibraryImport</c> declarations; .NET accepts one resolver per assembly.</summary>
/// <remarks>
/// <c>libc</c> means the process's global symbols, as for a program in C, so that a preloaded library (an I/O profiler of the site, or the
/// tests' injected errors) sees these calls as well. Bound by file name, .NET would bypass it.
/// </remarks>
public static class NativeImports
{
    private const string CLibrary = "libc";

    private static readonly ConcurrentDictionary<Assembly, bool> Registered = new();
    private static readonly ConcurrentDictionary<string, Func<nint>> Libraries = new() { [CLibrary] = NativeLibrary.GetMainProgramHandle };

    /// <summary>Defines how a library is found; evaluated at the first call into it.</summary>
    /// <param name="name">The name that declarations use.</param>
    /// <param name="handle">Its handle.</param>
    public static void Define(string name, Func<nint> handle) => Libraries[name] = handle;

    /// <summary>Registers the resolver of an assembly. May be called repeatedly.</summary>
    public static void RegisterFor(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        if (Registered.TryAdd(assembly, true))
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => Libraries.TryGetValue(name, out var handle) ? handle() : 0);
    }
}
