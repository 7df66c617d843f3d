using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hosting;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>
/// <c>--spec model.json</c>: a verb's options in a file. The keys are the options' names without leading dashes, also in the spelling of R
/// (<c>num.subj.lthr.abs</c>) or JSON (<c>numSubjLthrAbs</c>). Options on the command line take precedence; others keep their defaults.
/// </summary>
internal static class SpecFile
{
    private const string Name = "--spec";
    private const string Models = "models";
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Creates the option, for verbs that start a run.</summary>
    public static Option<string?> CreateOption() =>
        TextOption.Optional(
            Name,
            TextOption.File,
            "a JSON file with these options, {\"model\": \"lm\", \"formula\": \"FDC ~ Age\", …}; the command line takes precedence"
        );

    /// <summary>
    /// The command line with the options of its <c>--spec</c> file that it does not contain itself: one line, or one for each entry of the
    /// file's <c>models</c>, whose options replace those outside the list.
    /// </summary>
    /// <exception cref="BadInputException">The file cannot be read, or has unknown keys (similar ones are listed) or invalid
    /// values.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Expand(RootCommand root, IReadOnlyList<string> args)
    {
        var line = root.Parse(args, CommandLineProgram.Parsing);
        var command = line.CommandResult.Command;
        if (
            command.Options.FirstOrDefault(option => option.Name == Name) is not Option<string?> spec
            || line.GetResult(spec) is not { Implicit: false, Tokens: [{ Value: var path }] }
        )
            return [args];
        // Errors in the command line itself are reported first; they do not depend on the file.
        if (path.Length == 0 || line.UnmatchedTokens.Count > 0)
            return [args];
        using var document = Parse(path);
        var shared = document.RootElement.EnumerateObject().Where(key => key.Name != Models).Select(key => new SpecKey("", key)).ToList();
        var models = document.RootElement.TryGetProperty(Models, out var list)
            ? EntriesOf(path, list)
            :
            [
                [],
            ];
        return [.. models.Select(entry => Expand(root, line, path, args, shared, entry))];
    }

    /// <summary>The command line of one model, from the keys outside of <c>models</c> and those of its own entry.</summary>
    private static IReadOnlyList<string> Expand(
        RootCommand root,
        ParseResult line,
        string path,
        IReadOnlyList<string> args,
        List<SpecKey> shared,
        List<SpecKey> own
    )
    {
        var command = line.CommandResult.Command;
        var byKey = command
            .Options.Where(option => option.Name is not (Name or "--help" or "--dry-run"))
            .ToDictionary(option => ForeignNames.Plain(option.Name));
        var keys = shared.Concat(own).ToList();
        RefuseUnknown(path, keys.Where(key => !byKey.ContainsKey(key.Plain)), byKey.Values, command.Name);
        foreach (var keyed in (List<SpecKey>[])[shared, own])
            RefuseTwice(path, keyed.GroupBy(key => byKey[key.Plain].Name));
        if (own.Find(key => !ModelOptions.MayDiffer(byKey[key.Plain].Name)) is { } misplaced)
            throw new BadInputException(
                $"'{misplaced.Shown}' in '{path}' belongs outside of '{Models}': the models are fitted in one pass, and share it."
            );
        return
        [
            .. args,
            .. keys.Where(key => line.GetResult(byKey[key.Plain]) is not { Implicit: false })
                .Where(key => own.Contains(key) || !own.Exists(other => other.Plain == key.Plain))
                .SelectMany(key => Checked(root, command, path, key, byKey[key.Plain])),
        ];
    }

    private static IReadOnlyList<List<SpecKey>> EntriesOf(string path, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new JsonKey(path, Models).Wrong(list, "a list of objects, one per model: [{\"formula\": …, \"analysis\": …}, …]");
        return
        [
            .. list.EnumerateArray()
                .Select(
                    (entry, index) =>
                        entry.ValueKind == JsonValueKind.Object
                            ? entry.EnumerateObject().Select(key => new SpecKey($"{Models}[{index}].", key)).ToList()
                            : throw new JsonKey(path, Models).At(index).Wrong(entry, "an object with the options of one model")
                ),
        ];
    }

    /// <summary>The object in a file of options.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or is not an object of usable values.</exception>
    internal static JsonDocument Parse(string path)
    {
        try
        {
            var text = JsonText.Read(path);
            JsonText.RefuseUnusableValues(
                path,
                text.Span,
                allowNullInLists: true,
                new() { CommentHandling = Lenient.CommentHandling, AllowTrailingCommas = Lenient.AllowTrailingCommas }
            );
            var document = JsonDocument.Parse(text, Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            using (document)
                throw new BadInputException(
                    $"'{path}' contains {Kind(document.RootElement)}; an object of options was expected: {{\"model\": \"lm\", …}}."
                );
        }
        catch (JsonException failure)
        {
            throw new BadInputException($"The spec '{path}' cannot be read: {JsonText.Describe(failure)}", failure);
        }
    }

    private static void RefuseUnknown(string path, IEnumerable<SpecKey> keys, IEnumerable<Option> options, string verb)
    {
        var names = options.Select(option => option.Name[2..]).ToList();
        var hints = keys.Select(key =>
                $"'{key.Shown}' in '{path}' is not an option of 'hpcfit {verb}'. "
                + (ForeignNames.Answer(key.Property.Name, names) ?? NearestNames.Hint(key.Property.Name, names, limit: 60))
            )
            .ToList();
        if (hints.Count > 0)
            throw new BadInputException(string.Join('\n', hints));
    }

    private static void RefuseTwice(string path, IEnumerable<IGrouping<string, SpecKey>> groups)
    {
        foreach (var group in groups.Where(group => group.Count() > 1))
            throw new BadInputException(
                $"'{path}' gives {group.Key} more than once: {string.Join(", ", group.Select(key => $"'{key.Shown}'"))}. Keep one."
            );
    }

    /// <summary>An option's arguments, after the option has validated them: errors are reported with the key and the file.</summary>
    internal static List<string> Checked(RootCommand root, Command command, string path, SpecKey key, Option option)
    {
        var words = Words(new(path, key.Shown), option, key.Property.Value).ToList();
        if (words.FirstOrDefault(word => word.Contains('\0', StringComparison.Ordinal)) is not null)
            throw new BadInputException($"'{key.Shown}' in '{path}' contains a NUL character.");
        var refusal = root.Parse([command.Name, .. words], CommandLineProgram.Parsing)
            .Errors.FirstOrDefault(error => IsOf(error.SymbolResult, option));
        return refusal is null ? words : throw new BadInputException($"'{key.Shown}' in '{path}': {refusal.Message}");
    }

    private static bool IsOf(SymbolResult? result, Option option) =>
        (result as OptionResult ?? result?.Parent as OptionResult)?.Option == option;

    /// <summary>An option as it would be typed, with the value in the same argument, so that it may start with a dash.</summary>
    private static IEnumerable<string> Words(JsonKey key, Option option, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return [];
        if (option.ValueType == typeof(bool))
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? [$"{option.Name}={value.GetBoolean()}"]
                : throw key.Wrong(value, "true or false");
        if (option.HelpName == HypothesisOptions.Placeholder && value.ValueKind == JsonValueKind.Object)
            return value
                .EnumerateObject()
                .Select(pair => $"{option.Name}={pair.Name}: {One(key.At(pair.Name), pair.Value, mayHoldCommas: true)}");
        if (option.ValueType == typeof(string[]))
            return Items(key, value, mayHoldCommas: true).Select(item => $"{option.Name}={item}");
        // R's jsonlite writes a single value as a list with one item.
        var isList = value.ValueKind == JsonValueKind.Object || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() != 1);
        if (isList && option.HelpName != ListOption.Placeholder)
            throw key.Wrong(value, $"one value ({option.HelpName})");
        var isOneValue = value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object);
        var items = Items(key, value, mayHoldCommas: isOneValue || option.HelpName != ListOption.Placeholder);
        return [$"{option.Name}={(items.Count > 0 ? string.Join(',', items) : "none")}"];
    }

    /// <summary>The items of a value: those of an array, those of an object as <c>key=value</c>, otherwise the value itself.</summary>
    private static IReadOnlyList<string> Items(JsonKey key, JsonElement value, bool mayHoldCommas) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select((item, index) => One(key.At(index), item, mayHoldCommas))],
            JsonValueKind.Object => [.. value.EnumerateObject().Select(pair => $"{pair.Name}={Member(key.At(pair.Name), pair.Value)}")],
            _ => [One(key, value, mayHoldCommas)],
        };

    private static string Member(JsonKey key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? string.Join(',', Items(key, value, mayHoldCommas: false))
            : One(key, value, mayHoldCommas: false);

    private static string One(JsonKey key, JsonElement value, bool mayHoldCommas)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw key.Wrong(value, "a string, a number or a list of these"),
        };
        return mayHoldCommas || !text.Contains(',', StringComparison.Ordinal)
            ? text
            : throw key.Wrong(
                value,
                "one item without a comma (numbers have a decimal point, and every item of a list has its own quotes)"
            );
    }

    private static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => "true or false",
        };

    /// <summary>A key of the file.</summary>
    /// <param name="Prefix">The entry of <c>models</c> that holds it; empty: none.</param>
    /// <param name="Property">The key and its value.</param>
    internal sealed record SpecKey(string Prefix, JsonProperty Property)
    {
        public string Shown => Prefix + Property.Name;

        public string Plain => ForeignNames.Plain(Property.Name);
    }

    /// <summary>The location of a value in a file.</summary>
    /// <param name="File">The file.</param>
    /// <param name="Path">The path of keys: <c>knots.Age[2]</c>.</param>
    private readonly record struct JsonKey(string File, string Path)
    {
        private const int MaxShown = 100;

        public JsonKey At(int index) => this with { Path = $"{Path}[{index}]" };

        public JsonKey At(string name) => this with { Path = $"{Path}.{name}" };

        public BadInputException Wrong(JsonElement value, string expected)
        {
            var text = value.GetRawText();
            return new($"'{Path}' in '{File}' is {(text.Length > MaxShown ? $"{text[..MaxShown]}…" : text)}; {expected} was expected.");
        }
    }
}
