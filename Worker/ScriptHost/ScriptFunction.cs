using HpcFit.Shared.Failures;
using HpcFit.Shared.Functions;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace HpcFit.ScriptHost;

/// <summary>Compiles a C# script (<c>.csx</c>) and binds the function it defines to its further arguments.</summary>
internal static class ScriptFunction
{
    private static readonly string[] Imports = ["System", "System.Collections.Generic", "System.Linq", typeof(ElementData).Namespace!];

    /// <summary>The script's function, applied to the further arguments.</summary>
    /// <exception cref="BadInputException">The machine lacks what the compiler needs, the script does not compile, or it fails while it is
    /// loaded.</exception>
    public static Func<ElementData, object?> Load(FunctionDefinition definition)
    {
        if (!ScriptRequirements.AreMet)
            throw new BadInputException(
                $"C# scripts are compiled with OpenSSL, and this machine has no libssl. {ScriptRequirements.Remedy}"
            );
        var name = definition.Name.Length > 0 ? definition.Name : "Fit";
        var options = ScriptOptions
            .Default.WithFilePath(definition.Path)
            .WithImports(Imports)
            .AddReferences(typeof(ElementData).Assembly, typeof(Enumerable).Assembly, typeof(Queue<>).Assembly)
            .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(Path.GetDirectoryName(definition.Path)))
            .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(Path.GetDirectoryName(definition.Path)))
            .WithOptimizationLevel(Microsoft.CodeAnalysis.OptimizationLevel.Release);
        var arguments = string.Concat(
            NamedArguments.Parse(definition.Arguments).Select(argument => $", {argument.Name}: {argument.Value}")
        );
        try
        {
            var script = CSharpScript.Create(definition.Text, options);
            // Compiled separately first, so that errors in the script are not reported as errors of the call below.
            var errors = script.Compile().Where(message => message.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error).ToList();
            if (errors.Count > 0)
                throw new BadInputException(string.Join("; ", errors));
            var call = script.ContinueWith<Func<ElementData, object?>>(
                $"data => {name}(data{arguments})",
                options.WithFilePath("--function-name and --function-args")
            );
            return call.RunAsync().GetAwaiter().GetResult().ReturnValue;
        }
        catch (CompilationErrorException error)
        {
            throw new BadInputException(
                $"it defines no function '{name}(ElementData data)' that can be called with these arguments "
                    + $"({string.Join("; ", error.Diagnostics)}).",
                error
            );
        }
    }
}
