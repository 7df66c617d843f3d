namespace HpcFit.Shared.Runs;

/// <summary>The error of user code at one element.</summary>
/// <param name="Element">The element's 0-based id.</param>
/// <param name="Message">The message of the language's own exception.</param>
public sealed record UserCodeFailure(long Element, string Message)
{
    /// <summary>How many of them an attempt keeps and a report shows.</summary>
    public const int MaxKept = 20;

    /// <summary>The line of a report; the element is 0-based, as in <c>element_id</c>.</summary>
    public override string ToString() => $"element {Element}: {Message}";
}
