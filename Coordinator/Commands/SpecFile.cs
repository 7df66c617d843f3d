using System.CommandLine;
using System.Text.Json;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// <c>--spec model.json</c>: a verb's options in a file. Its keys are the options' names without dashes before them; what is typed wins, what
/// neither says keeps its default. Keys are also known as R (<c>num.subj.lthr.abs</c>) or JSON (<c>numSubjLthrAbs</c>) would write them.
/// </summary>
internal static class SpecFile
{
    private const string Name = "--spec";
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The option, for verbs that make a run.</summary>
    public static Option<string?> CreateOption() => new(Name) { Description = "a JSON file with these options, {\"model\": \"lm\", \"formula\": \"FDC ~ Age\", …}; what is typed wins" };

    /// <summary>The command line with what its <c>--spec</c> says, where nothing was typed.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or has keys that the verb does not know; the nearest are listed.</exception>
    public static IReadOnlyList<string> Expand(RootCommand root, IReadOnlyList<string> args)
    {
        var line = root.Parse(args);
        var options = line.CommandResult.Command.Options;
        if (options.FirstOrDefault(option => option.Name == Name) is not Option<string?> spec || line.GetResult(spec) is not { Implicit: false } || line.GetValue(spec) is not { } path) return args;
        var byKey = options.Where(option => option != spec && option.Name is not ("--help" or "--dry-run")).ToDictionary(option => Plain(option.Name));
        using var document = Parse(path);
        var known = document.RootElement.EnumerateObject().Select(key => (Key: key, Option: byKey.GetValueOrDefault(Plain(key.Name)))).ToList();
        RefuseUnknown(path, known.Where(pair => pair.Option is null).Select(pair => pair.Key.Name), byKey.Values, line.CommandResult.Command.Name);
        RefuseTwice(path, known.GroupBy(pair => pair.Option!.Name));
        return [.. args, .. known.Where(pair => line.GetResult(pair.Option!) is not { Implicit: false }).SelectMany(pair => Words(path, pair.Option!, pair.Key.Value))];
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new BadInputException($"'{path}' holds a JSON {document.RootElement.ValueKind}; an object of options was expected: {{\"model\": \"lm\", …}}.");
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The spec '{path}' cannot be read: {failure.Message}", failure);
        }
    }

    private static void RefuseUnknown(string path, IEnumerable<string> keys, IEnumerable<Option> options, string verb)
    {
        var names = options.Select(option => option.Name[2..]).ToList();
        var hints = keys.Select(key => $"'{key}' in '{path}' is no option of 'hpcfit {verb}'. {NearestNames.Hint(key, names, limit: 60)}").ToList();
        if (hints.Count > 0) throw new BadInputException(string.Join('\n', hints));
    }

    private static void RefuseTwice(string path, IEnumerable<IGrouping<string, (JsonProperty Key, Option? Option)>> groups)
    {
        foreach (var group in groups.Where(group => group.Count() > 1))
            throw new BadInputException($"'{path}' gives {group.Key} more than once: {string.Join(", ", group.Select(pair => $"'{pair.Key.Name}'"))}. Keep one.");
    }

    /// <summary>An option as it would be typed; a value goes into the same word, so that it may begin with a dash.</summary>
    private static IEnumerable<string> Words(string path, Option option, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return [];
        if (option.ValueType == typeof(bool)) return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [$"{option.Name}={value.GetBoolean()}"] : throw Wrong(path, option, value, "true or false");
        if (option.ValueType == typeof(string[])) return Items(path, option, value).Select(item => $"{option.Name}={item}");
        return [$"{option.Name}={string.Join(',', Items(path, option, value) is { Count: > 0 } items ? items : ["none"])}"];
    }

    /// <summary>A value's items: an array's, an object's as <c>key=value</c>, else the one.</summary>
    private static IReadOnlyList<string> Items(string path, Option option, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(item => One(path, option, item))],
        JsonValueKind.Object => [.. value.EnumerateObject().Select(pair => $"{pair.Name}={(pair.Value.ValueKind == JsonValueKind.Array ? string.Join(',', Items(path, option, pair.Value)) : One(path, option, pair.Value))}")],
        _ => [One(path, option, value)],
    };

    private static string One(string path, Option option, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Wrong(path, option, value, "a text, a number or a list of them"),
    };

    private static BadInputException Wrong(string path, Option option, JsonElement value, string expected) =>
        new($"'{option.Name[2..]}' in '{path}' is {value.GetRawText()}; {expected} was expected.");

    /// <summary>A key without what only spelling adds: <c>--num-subj-lthr-abs</c>, <c>num.subj.lthr.abs</c> and <c>numSubjLthrAbs</c> are one.</summary>
    private static string Plain(string key) => string.Concat(key.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
