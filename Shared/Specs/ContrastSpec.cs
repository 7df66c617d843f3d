using System.Globalization;
using System.Text.Json.Serialization;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Specs;

/// <summary>
/// A named linear combination of coefficients. It is given by an expression, by weights of named coefficients, or by one weight per
/// column of the model matrix.
/// </summary>
/// <param name="Name">The first part of the names of its result columns.</param>
/// <param name="Expression">The combination as typed, such as <c>groupold - groupyoung</c>; null: it is given by weights.</param>
/// <param name="Coefficients">The coefficients of the weights; null: all columns of the model matrix in their order.</param>
/// <param name="Weights">One weight per coefficient; null: it is given by an expression.</param>
public sealed record ContrastSpec(
    string Name,
    string? Expression,
    IReadOnlyList<string>? Coefficients = null,
    IReadOnlyList<double>? Weights = null
)
{
    /// <summary>The file and line that it was read from, for messages, such as <c>'design.con', line 5</c>; null: it was typed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Origin { get; init; }

    /// <summary>What messages about it begin with: its origin, then its name.</summary>
    [JsonIgnore]
    public string Title => $"{(Origin is { } origin ? $"--contrasts-file {origin}: the" : "The")} contrast '{Name}'";

    /// <summary>A contrast as typed: its name, a colon with a space after it, and the expression.</summary>
    /// <param name="text">The text, such as <c>old-young: groupold - groupyoung</c>.</param>
    /// <param name="option">The option, for messages.</param>
    /// <exception cref="UsageException">There is no name, or no expression.</exception>
    public static ContrastSpec Parse(string text, string option)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, expression) = NamedText.Split(text);
        if (name is null)
            throw new UsageException(
                $"{option}: '{text}' has no name. Write the name, a colon and a space before the combination of coefficients, such as "
                    + "'old-young: groupold - groupyoung'."
            );
        return expression.Length > 0
            ? new(name, expression)
            : throw new UsageException($"{option}: '{text}' has no combination of coefficients after the name.");
    }

    /// <summary>The contrast in one line, as <see cref="Parse"/> reads it; without coefficients' names, the weights in brackets.</summary>
    public string Text() => $"{Name}: {Expression ?? WeightsText()}";

    private string WeightsText()
    {
        var weights = (Weights ?? []).Select(weight => weight.ToString("R", CultureInfo.InvariantCulture));
        return Coefficients is { } names
            ? string.Join(" + ", weights.Zip(names, (weight, name) => $"{weight}*`{name}`"))
            : $"[{string.Join(' ', weights)}]";
    }
}
