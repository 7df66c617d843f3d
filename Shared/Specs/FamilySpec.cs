using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Specs;

/// <summary>
/// The distribution of the response and the link between its mean and the linear predictor, by R's names. Changes numbers and columns, so
/// it is part of the run's digest; null in a <see cref="ModelSpec"/> is the normal distribution with the identity link.
/// </summary>
public sealed record FamilySpec
{
    /// <summary>The normal distribution.</summary>
    public const string Gaussian = "gaussian";

    /// <summary>The negative binomial distribution, whose theta is estimated.</summary>
    public const string NegativeBinomial = "nb";

    /// <summary>The links of each family that R accepts, its default first.</summary>
    private static readonly Dictionary<string, string[]> LinksByFamily = new(StringComparer.Ordinal)
    {
        [Gaussian] = ["identity", "log", "inverse"],
        ["binomial"] = ["logit", "probit", "cauchit", "cloglog", "log"],
        ["quasibinomial"] = ["logit", "probit", "cauchit", "cloglog", "log"],
        ["poisson"] = ["log", "identity", "sqrt"],
        ["quasipoisson"] = ["log", "identity", "sqrt"],
        ["Gamma"] = ["inverse", "identity", "log"],
        ["inverse.gaussian"] = ["1/mu^2", "inverse", "identity", "log"],
        [NegativeBinomial] = ["log", "identity", "sqrt"],
    };

    /// <summary>The names of all families.</summary>
    public static IReadOnlyCollection<string> Names => LinksByFamily.Keys;

    /// <summary>The names of all links.</summary>
    public static IReadOnlyCollection<string> LinkNames => [.. LinksByFamily.Values.SelectMany(links => links).Distinct()];

    /// <summary>The family: <c>binomial</c>, <c>quasibinomial</c>, <c>poisson</c>, <c>quasipoisson</c>, <c>Gamma</c>,
    /// <c>inverse.gaussian</c>, <c>nb</c> or <c>gaussian</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The link, such as <c>logit</c>.</summary>
    public required string Link { get; init; }

    /// <summary>A family from its name, or from R's call of it: <c>binomial</c>, <c>binomial()</c>,
    /// <c>binomial(link = "probit")</c>.</summary>
    /// <param name="text">What the user typed.</param>
    /// <param name="link">The link of an option of its own; null: that of the call, or the family's default.</param>
    /// <returns>The family; null for the normal distribution with the identity link.</returns>
    /// <exception cref="UsageException">The family or link is unknown, or the two do not belong together.</exception>
    public static FamilySpec? Parse(string text, string? link)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, linkOfCall) = Split(text);
        if (link is not null && linkOfCall is not null && link != linkOfCall)
            throw new UsageException($"--family '{text}' names the link '{linkOfCall}', --link '{link}'. Give the link once.");
        if (!LinksByFamily.TryGetValue(name, out var links))
            throw new UsageException($"--family '{text}': there is no family '{name}'. {NearestNames.Hint(name, Names)}");
        var chosen = link ?? linkOfCall ?? links[0];
        if (!links.Contains(chosen))
            throw new UsageException($"--family {name} has no link '{chosen}'. Its links, as in R: {string.Join(", ", links)}.");
        return name == Gaussian && chosen == "identity" ? null : new() { Name = name, Link = chosen };
    }

    /// <summary>The name and the link of <c>name</c>, <c>name()</c>, <c>name(link)</c> or <c>name(link = "link")</c>.</summary>
    private static (string Name, string? Link) Split(string text)
    {
        var trimmed = text.Trim();
        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return (Unquoted(trimmed), null);
        if (!trimmed.EndsWith(')'))
            throw new UsageException($"--family '{text}' has no closing parenthesis. Expected for example 'binomial(link=\"probit\")'.");
        var (name, argument) = (trimmed[..open].Trim(), trimmed[(open + 1)..^1].Trim());
        if (argument.Length == 0)
            return (name, null);
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals >= 0 && argument[..equals].Trim() != "link")
            throw new UsageException(
                $"--family '{text}': the argument '{argument[..equals].Trim()}' is not supported, only link, as in '{name}(link=\"log\")'."
            );
        return (name, Unquoted(argument[(equals + 1)..].Trim()));
    }

    private static string Unquoted(string text) => text.Length >= 2 && text[0] == text[^1] && text[0] is '"' or '\'' ? text[1..^1] : text;
}
