using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Files;

/// <summary>Reads JSON files of users and of this program as UTF-8, and describes errors in them for users.</summary>
public static partial class JsonText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>A file's bytes without a byte order mark, verified to be UTF-8.</summary>
    /// <exception cref="BadInputException">It cannot be read, is empty, or is not UTF-8.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        var bytes = ReadFile(path);
        ReadOnlyMemory<byte> text = bytes.AsSpan().StartsWith(ByteOrderMark) ? bytes.AsMemory(ByteOrderMark.Length) : bytes;
        if (text.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new BadInputException($"'{path}' is empty; JSON was expected.");
        if (text.Span is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
            throw new BadInputException($"'{path}' is UTF-16; save it as UTF-8.");
        if (!Utf8.IsValid(text.Span))
            throw new BadInputException(
                $"'{path}' is not UTF-8: line {Line(text.Span)} contains byte 0x{text.Span[FirstWrong(text.Span)]:X2}. Save it as UTF-8."
            );
        return text;
    }

    /// <summary>
    /// Refuses valid JSON that no reader of this program expects: unpaired surrogates, and null in lists.
    /// </summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="text">Its text.</param>
    /// <param name="allowNullInLists">Whether lists may contain null.</param>
    /// <param name="options">The dialect of JSON (comments, trailing commas).</param>
    /// <exception cref="BadInputException">It contains one of these.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static void RefuseUnusableValues(
        string path,
        ReadOnlySpan<byte> text,
        bool allowNullInLists = false,
        JsonReaderOptions options = default
    )
    {
        var reader = new Utf8JsonReader(text, options);
        var isList = new Stack<bool>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                isList.Push(reader.TokenType == JsonTokenType.StartArray);
            else if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
                isList.Pop();
            else if (reader.TokenType == JsonTokenType.Null && !allowNullInLists && isList.TryPeek(out var inList) && inList)
                throw new BadInputException(
                    $"'{path}' cannot be read: byte {reader.TokenStartIndex + 1} is null in a list; a value was expected."
                );
            else if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader))
                throw new BadInputException(
                    $"'{path}' cannot be read: byte {reader.TokenStartIndex + 1} begins a string with half of a surrogate pair (\\ud800 "
                        + "to \\udfff), which is not a character."
                );
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return true;
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The library's message with line and byte counted from 1 and the path of keys, but without type names.</summary>
    public static string Describe(JsonException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var place = failure.LineNumber is { } line ? $"line {line + 1}, byte {(failure.BytePositionInLine ?? 0) + 1}: " : "";
        var keys = failure.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? $"'{path[2..]}' " : "";
        return $"{place}{keys}{Sentence(failure.Message, keys.Length > 0)}";
    }

    private static string Sentence(string message, bool isValue)
    {
        if (Missing().Match(message) is { Success: true } missing)
            return $"{missing.Groups[1].Value} is missing.";
        if (Unmapped().Match(message) is { Success: true } unmapped)
            return $"the key '{unmapped.Groups[1].Value}' is unknown.";
        if (message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
            return "has a value of the wrong kind, or one that is too large.";
        if (
            message.Contains("doesn't allow setting to null", StringComparison.Ordinal)
            || message.Contains("null", StringComparison.Ordinal) && isValue
        )
            return "is null; a value was expected.";
        if (Twice().Match(message) is { Success: true } twice)
            return $"the key '{twice.Groups[1].Value}' occurs twice.";
        if (message.Contains("maximum configured depth", StringComparison.Ordinal))
            return "lists and objects are nested too deeply.";
        // Messages of the JSON reader concern the text; the others name .NET types.
        var end = message.IndexOf(" Path:", StringComparison.Ordinal) is var at and >= 0
            ? at
            : message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = end < 0 ? message : message[..end];
        return text.Contains("System.", StringComparison.Ordinal) || text.Contains(nameof(HpcFit), StringComparison.Ordinal)
            ? "the value is not of the kind that was expected."
            : text;
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            using var file = new FileStream(RegularFile.OpenRead(path, "a JSON file"), FileAccess.Read);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (BadInputException missing) when (!Path.Exists(path))
        {
            // The inner exception distinguishes a missing file from an unreadable one for callers that race with removals.
            throw new BadInputException(missing.Message, new FileNotFoundException(missing.Message, path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be read: {failure.Message}", failure);
        }
    }

    private static int Line(ReadOnlySpan<byte> text) => text[..FirstWrong(text)].Count((byte)'\n') + 1;

    private static int FirstWrong(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (System.Text.Rune.DecodeFromUtf8(text[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }

    [GeneratedRegex("missing required properties including: (.*?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("The JSON property '(.*?)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex("Duplicate property '(.*?)'")]
    private static partial Regex Twice();
}
