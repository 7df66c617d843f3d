using System.IO.Hashing;
using System.Text;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Worker.Custom;

/// <summary>The file of a user's function, read once, so that the content executed is the content digested.</summary>
/// <param name="Path">Its absolute path.</param>
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

    /// <summary>Its folder: the interpreter's current folder, so that the function finds files next to it.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The content as UTF-8 text.</summary>
    /// <exception cref="BadInputException">It is not UTF-8 text.</exception>
    public string Text()
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Content);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw new BadInputException($"The function file '{Path}' is not text: it contains a zero byte.")
                : text;
        }
        catch (DecoderFallbackException failure)
        {
            throw new BadInputException($"The function file '{Path}' is not UTF-8 text. Save it as UTF-8.", failure);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">It does not exist, or has an unknown extension.</exception>
    public static FunctionFile Read(string path)
    {
        var extension = System.IO.Path.GetExtension(path);
        if (!Languages.TryGetValue(extension, out var language))
            throw new BadInputException(
                $"The function file '{path}' has the extension '{extension}'; one of {string.Join(", ", Languages.Keys)} was expected."
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
