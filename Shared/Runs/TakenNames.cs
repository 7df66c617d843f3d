namespace HpcFit.Shared.Runs;

/// <summary>The names that a data file holds already, which new results may not take.</summary>
/// <param name="Analyses">Names under <c>/results</c>.</param>
/// <param name="Scalars">Names under <c>/scalars</c>.</param>
public sealed record TakenNames(IReadOnlyList<string> Analyses, IReadOnlyList<string> Scalars);
