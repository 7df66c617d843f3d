using HpcFit.Shared.Failures;
using HpcFit.Shared.Functions;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace HpcFit.ScriptHost;

/// <summary>Compiles a C# script (<c>.csx</c>) and binds the function it defines to its further arguments.</summary>
internal static class ScriptFunction
{
    private static readonly string[] Imports = ["System", "System.Collections.Generic", "System.Linq", typeof(ElementData).Namespace!];

    /// <summary>The script's function of an element's data.</summary>
    /// <exception cref="BadInputException">The script does not compile, or fails while it is loaded.</exception>
    public static Func<ElementData, object?> Load(Told told)
    {
        var name = told.Name.Length > 0 ? told.Name : "Fit";
        var options = ScriptOptions
            .Default.WithFilePath(told.Path)
            .WithImports(Imports)
            .AddReferences(typeof(ElementData).Assembly, typeof(Enumerable).Assembly, typeof(Queue<>).Assembly)
            .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(Path.GetDirectoryName(told.Path)))
            .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(Path.GetDirectoryName(told.Path)))
            .WithOptimizationLevel(Microsoft.CodeAnalysis.OptimizationLevel.Release);
        var arguments = string.Concat(NamedArguments.Parse(told.Arguments).Select(argument => $", {argument.Name}: {argument.Value}"));
        try
        {
            var script = CSharpScript.Create(told.Text, options);
            // Compiled on its own first: a mistake of the user's is not to be told as one of the call below.
            var mistakes = script.Compile().Where(message => message.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error).ToList();
            if (mistakes.Count > 0)
                throw new BadInputException(string.Join("; ", mistakes));
            var call = script.ContinueWith<Func<ElementData, object?>>(
                $"data => {name}(data{arguments})",
                options.WithFilePath("--function-name and --function-args")
            );
            return call.RunAsync().GetAwaiter().GetResult().ReturnValue;
        }
        catch (CompilationErrorException mistake)
        {
            throw new BadInputException(
                $"it defines no function '{name}(ElementData data)' that can be called with these arguments "
                    + $"({string.Join("; ", mistake.Diagnostics)}).",
                mistake
            );
        }
    }
}
