namespace HpcFit.Worker.Custom;

/// <summary>The function's result at one element, with its columns.</summary>
/// <param name="Names">The names of its columns.</param>
/// <param name="Values">One per column.</param>
/// <param name="Failure">Why the function failed; null if it succeeded.</param>
internal sealed record LearnedColumns(IReadOnlyList<string> Names, IReadOnlyList<double> Values, string? Failure);
