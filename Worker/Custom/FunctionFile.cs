using System.IO.Hashing;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Worker.Custom;

/// <summary>The file that holds a user's function, read once: what was hashed is what is executed.</summary>
/// <param name="Path">Where it is, absolute.</param>
/// <param name="Language">Its language.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record FunctionFile(string Path, FunctionLanguage Language, byte[] Content)
{
    private static readonly Dictionary<string, FunctionLanguage> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        [".r"] = FunctionLanguage.R,
        [".py"] = FunctionLanguage.Python,
        [".csx"] = FunctionLanguage.Script,
        [".dll"] = FunctionLanguage.Assembly,
    };

    /// <summary>Hexadecimal XxHash128 of the content.</summary>
    public string Digest { get; } = Convert.ToHexStringLower(XxHash128.Hash(Content));

    /// <summary>Its folder: where the interpreter stands, so that the function finds what lies beside it.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The source text.</summary>
    /// <exception cref="BadInputException">It is no UTF-8 text.</exception>
    public string Text()
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Content);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw new BadInputException($"The function file '{Path}' is no text: it holds a zero byte.")
                : text;
        }
        catch (DecoderFallbackException failure)
        {
            throw new BadInputException($"The function file '{Path}' is not UTF-8 text. Save it as UTF-8.", failure);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">It is not there, or its ending tells no language.</exception>
    public static FunctionFile Read(string path)
    {
        var ending = System.IO.Path.GetExtension(path);
        if (!Languages.TryGetValue(ending, out var language))
            throw new BadInputException(
                $"The function file '{path}' ends in '{ending}'. Its language is told by its ending: {string.Join(", ", Languages.Keys)}."
            );
        try
        {
            using var file = new FileStream(RegularFile.OpenRead(path, "a function"), FileAccess.Read);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return new(path, language, content);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The function file '{path}' cannot be read: {refusal.Message}", refusal);
        }
    }
}
