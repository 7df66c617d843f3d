namespace HpcFit.Shared.Runs;

/// <summary>What user code failed with at one element.</summary>
/// <param name="Element">The element's 0-based id.</param>
/// <param name="Message">In the language's own words.</param>
public sealed record UserCodeFailure(long Element, string Message)
{
    /// <summary>How many an attempt keeps, and a report shows.</summary>
    public const int Kept = 20;

    /// <summary>As a report shows it, the element counted from 0 as in <c>element_id</c>.</summary>
    public override string ToString() => $"element {Element}: {Message}";
}
