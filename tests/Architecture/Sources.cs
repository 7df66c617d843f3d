using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace HpcFit.Architecture.Tests;

/// <summary>The programs' sources, compiled together in memory: which folder uses which.</summary>
/// <remarks>
/// Sources and not assemblies, because the compiler copies constants. What source generators would add is missing, which leaves errors that
/// say nothing about folders.
/// </remarks>
public sealed class Sources
{
    private static readonly string[] Programs = ["Shared", "Worker", "Coordinator"];
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.Parse);

    /// <summary>The folder that holds <c>HpcFit.sln</c>.</summary>
    public string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Folders with sources, relative to the root.</summary>
    public IReadOnlyList<string> Rooms { get; }

    /// <summary>Each use of a type of another folder.</summary>
    public IReadOnlyList<Use> Uses { get; }

    public Sources()
    {
        var trees = Programs
            .SelectMany(program => Directory.EnumerateFiles(Path.Combine(Root, program), "*.cs", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Options, Path.GetRelativePath(Root, file)))
            .ToList();
        Rooms = [.. trees.Select(Room).Distinct()];
        var implicitUsings = CSharpSyntaxTree.ParseText(
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
                + "global using System.Threading; global using System.Threading.Tasks;",
            Options
        );
        var compilation = CSharpCompilation.Create("rooms", [.. trees, implicitUsings], References());
        Uses = [.. trees.AsParallel().AsOrdered().SelectMany(tree => UsesIn(tree, compilation)).Distinct()];
    }

    private static IEnumerable<Use> UsesIn(SyntaxTree tree, CSharpCompilation compilation)
    {
        var model = compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var info = model.GetSymbolInfo(name);
            if (TypeOf(info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is not { DeclaringSyntaxReferences: [var first, ..] } type)
                continue;
            // The three programs' top-level statements are parts of one class here.
            if (type.Name != "Program" && Room(first.SyntaxTree) != Room(tree))
                yield return new(tree.FilePath, Room(tree), Room(first.SyntaxTree), type.Name);
        }
    }

    private static INamedTypeSymbol? TypeOf(ISymbol? symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        while (type?.ContainingType is { } outer)
            type = outer;
        return type?.OriginalDefinition;
    }

    private static string Room(SyntaxTree tree) => Path.GetDirectoryName(tree.FilePath)!;

    /// <summary>The framework and the packages; the programs' own assemblies are what is compiled here.</summary>
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("hpcfit", StringComparison.OrdinalIgnoreCase))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "HpcFit.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}

/// <summary>A file uses a type of another folder.</summary>
/// <param name="File">The file.</param>
/// <param name="From">Its folder.</param>
/// <param name="To">The type's folder.</param>
/// <param name="Type">The outermost type.</param>
public sealed record Use(string File, string From, string To, string Type);
