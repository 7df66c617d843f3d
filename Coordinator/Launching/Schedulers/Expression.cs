using System.Text.RegularExpressions;

namespace HpcFit.Coordinator.Launching.Schedulers;

/// <summary>The regular expressions of a description: '.' matches line ends, '^' and '$' match at lines.</summary>
internal static class Expression
{
    /// <summary>A description's expression must not occupy the program for ever.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The expression.</summary>
    /// <exception cref="ArgumentException">The text is not a regular expression.</exception>
    public static Regex Compile(string text) =>
        new(text, RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant, Limit);

    /// <summary>Whether a text contains a match; false without an expression.</summary>
    public static bool Matches(string? expression, string text) => expression is not null && Compile(expression).IsMatch(text);
}
