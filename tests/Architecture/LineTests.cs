using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace HpcFit.Architecture.Tests;

/// <summary>What the formatter does not break: comments and strings.</summary>
public sealed class LineTests(Sources sources) : IClassFixture<Sources>
{
    private const int MaxLength = 140;

    [Fact]
    public void A_line_has_140_characters_at_most() =>
        Directory
            .EnumerateFiles(sources.Root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(Path.Combine(sources.Root, ".build"), StringComparison.Ordinal))
            .SelectMany(file => LongLines(file).Select(line => $"{Path.GetRelativePath(sources.Root, file)}:{line}"))
            .ShouldBeEmpty();

    /// <summary>Numbers of lines that are too long; text that must stand as it is (raw string literals) may be.</summary>
    private static IEnumerable<int> LongLines(string file)
    {
        var text = SourceText.From(File.ReadAllText(file));
        var lines = text.Lines.Where(line => line.Span.Length > MaxLength).ToList();
        if (lines.Count == 0)
            return [];
        var root = CSharpSyntaxTree.ParseText(text, new(LanguageVersion.Preview)).GetRoot();
        return lines.Where(line => !root.DescendantTokens(line.Span).Any(IsRaw)).Select(line => line.LineNumber + 1);
    }

    private static bool IsRaw(SyntaxToken token) =>
        token.Text.StartsWith("\"\"\"", StringComparison.Ordinal)
        || token
            .Parent!.AncestorsAndSelf()
            .OfType<InterpolatedStringExpressionSyntax>()
            .Any(text => text.StringStartToken.Text.EndsWith("\"\"\"", StringComparison.Ordinal));
}
