using System.CommandLine;

namespace HpcFit.Coordinator.Help;

/// <summary>How help writes an option: names, value, description, default.</summary>
internal static class OptionText
{
    /// <summary>The name and its other spellings, without those that differ only in underscores.</summary>
    public static IEnumerable<string> Names(Option option) =>
        option.Aliases.Where(alias => !alias.Contains('_', StringComparison.Ordinal)).Order(StringComparer.Ordinal).Prepend(option.Name);

    /// <summary>The placeholder of the value, such as <c>FILE</c>; empty for a switch.</summary>
    public static string Value(Option option) => option.ValueType == typeof(bool) ? "" : option.HelpName ?? "VALUE";

    /// <summary>The names and the value: <c>--mask, --group-mask-file FILE</c>.</summary>
    public static string Usage(Option option) => $"{string.Join(", ", Names(option))} {Value(option)}".TrimEnd();

    /// <summary>The description, with the default and whether the option must be given.</summary>
    public static string Description(Option option)
    {
        var text = option.Description ?? "";
        if (option.Required)
            return $"{text} (required)";
        return Default(option) is { } value && !text.Contains("(default", StringComparison.Ordinal) ? $"{text} (default: {value})" : text;
    }

    private static string? Default(Option option) =>
        option.ValueType != typeof(bool) && option.HasDefaultValue && option.GetDefaultValue() is { } value and not Array
            ? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
