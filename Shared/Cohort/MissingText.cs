namespace HpcFit.Shared.Cohort;

/// <summary>Which fields of a cohort mean a missing value: <c>NA</c>, and those that the user lists (<c>--na-strings</c>).</summary>
/// <remarks>
/// As in R, a field must equal one of them exactly, including blanks; in numeric and logical columns a blank field is missing too.
/// </remarks>
public sealed class MissingText
{
    private readonly HashSet<string> _texts;

    private MissingText(IEnumerable<string> texts) => _texts = [.. texts];

    /// <summary>R's default: <c>NA</c>.</summary>
    public static MissingText Default { get; } = new(["NA"]);

    /// <summary>Whether the user listed strings in addition to <c>NA</c>.</summary>
    internal bool HasOthers => _texts.Count > 1;

    /// <summary><c>NA</c> and the given strings.</summary>
    public static MissingText With(IEnumerable<string> texts) => new(texts.Append("NA"));

    /// <summary>Whether the field is missing in a column of any type.</summary>
    public bool Contains(string field) => _texts.Contains(field);

    /// <summary>Whether the field is missing in a numeric or logical column.</summary>
    internal bool ContainsOrBlank(string field) => Contains(field) || NumberText.TrimBlanks(field).IsEmpty;
}
