namespace HpcFit.Shared.Cohort;

/// <summary>Which fields of a cohort mean a missing value: <c>NA</c>, and those that the user names (<c>--na-strings</c>).</summary>
/// <remarks>
/// As in R a field must equal one of them, blanks included; in columns of numbers and truth values a blank field is missing too.
/// </remarks>
public sealed class MissingText
{
    private readonly HashSet<string> _texts;

    private MissingText(IEnumerable<string> texts) => _texts = [.. texts];

    /// <summary>R's default: <c>NA</c>.</summary>
    public static MissingText Default { get; } = new(["NA"]);

    /// <summary><c>NA</c> and the given texts.</summary>
    public static MissingText Describe(IEnumerable<string> texts) => new(texts.Append("NA"));

    /// <summary>Whether the field is missing in a column of any type.</summary>
    public bool Contains(string field) => _texts.Contains(field);

    /// <summary>Whether the field is missing in a column of numbers or truth values.</summary>
    internal bool ContainsOrBlank(string field) => Contains(field) || NumberText.TrimBlanks(field).IsEmpty;
}
