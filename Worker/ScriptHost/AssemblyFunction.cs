using System.IO.Hashing;
using System.Runtime.Loader;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Functions;

namespace HpcFit.ScriptHost;

/// <summary>Loads a built assembly (<c>.dll</c>) and makes an object of its type that implements <see cref="IElementFunction"/>.</summary>
internal static class AssemblyFunction
{
    /// <summary>The object's function.</summary>
    /// <exception cref="BadInputException">The assembly has no such type, or several; or it is not the one that was digested.</exception>
    public static Func<ElementData, object?> Load(Told told)
    {
        var content = File.ReadAllBytes(told.Path);
        if (Convert.ToHexStringLower(XxHash128.Hash(content)) != told.Text)
            throw new BadInputException("it changed between being digested and being loaded; start again.");
        var context = new FunctionLoadContext(told.Path);
        using var bytes = new MemoryStream(content);
        var candidates = context
            .LoadFromStream(bytes)
            .GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(IElementFunction)) && !type.IsAbstract)
            .ToList();
        var chosen =
            told.Name.Length == 0 ? candidates : [.. candidates.Where(type => type.Name == told.Name || type.FullName == told.Name)];
        if (chosen.Count != 1)
        {
            throw new BadInputException(
                $"it has {chosen.Count} public types{(told.Name.Length > 0 ? $" '{told.Name}'" : "")} that implement "
                    + $"{typeof(IElementFunction).FullName}, one was expected. "
                    + (
                        candidates.Count > 0
                            ? $"There are: {string.Join(", ", candidates.Select(type => type.FullName))}; choose one with --function-name."
                            : "Reference HpcFit.Shared.dll and implement it."
                    )
            );
        }
        var function = (IElementFunction)(
            Activator.CreateInstance(chosen[0])
            ?? throw new BadInputException($"its type {chosen[0].FullName} cannot be made: it needs a constructor without parameters.")
        );
        return function.Fit;
    }

    /// <summary>Finds what the assembly needs beside it; the contract is this program's own, so that the types are the same.</summary>
    private sealed class FunctionLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName assemblyName) =>
            assemblyName.Name != typeof(IElementFunction).Assembly.GetName().Name
            && _resolver.ResolveAssemblyToPath(assemblyName) is { } found
                ? LoadFromAssemblyPath(found)
                : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
    }
}
