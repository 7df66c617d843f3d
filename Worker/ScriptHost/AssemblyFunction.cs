using System.IO.Hashing;
using System.Runtime.Loader;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Functions;

namespace HpcFit.ScriptHost;

/// <summary>Loads a built assembly (<c>.dll</c>) and creates an object of its type that implements
/// <see cref="IElementFunction"/>.</summary>
internal static class AssemblyFunction
{
    /// <summary>The <see cref="IElementFunction.Fit"/> of the object.</summary>
    /// <exception cref="BadInputException">The assembly has no such type, or several; or it has changed since it was digested.</exception>
    public static Func<ElementData, object?> Load(FunctionDefinition definition)
    {
        var content = File.ReadAllBytes(definition.Path);
        if (Convert.ToHexStringLower(XxHash128.Hash(content)) != definition.Text)
            throw new BadInputException("it changed between being digested and being loaded; start again.");
        var context = new FunctionLoadContext(definition.Path);
        using var bytes = new MemoryStream(content);
        var candidates = context
            .LoadFromStream(bytes)
            .GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(IElementFunction)) && !type.IsAbstract)
            .ToList();
        var chosen =
            definition.Name.Length == 0
                ? candidates
                : [.. candidates.Where(type => type.Name == definition.Name || type.FullName == definition.Name)];
        if (chosen.Count != 1)
        {
            throw new BadInputException(
                $"it has {chosen.Count} public types{(definition.Name.Length > 0 ? $" '{definition.Name}'" : "")} that implement "
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
            ?? throw new BadInputException($"its type {chosen[0].FullName} cannot be created: it needs a constructor without parameters.")
        );
        return function.Fit;
    }

    /// <summary>Resolves the assembly's dependencies in its folder, except the contract, which must be this program's for the types to
    /// match.</summary>
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
