namespace HpcFit.Worker.Shuffling;

/// <summary>Which rows replace which, where that was stated, and what the user should know about it.</summary>
/// <param name="Tree">The rows and blocks.</param>
/// <param name="Statement">What states it, the start of a message: <c>Cohort c.csv, exchange within 'site'</c>.</param>
/// <param name="Notes">What the user should know, one sentence or more each.</param>
internal sealed record Exchangeability(ExchangeNode Tree, string Statement, IReadOnlyList<string> Notes);
