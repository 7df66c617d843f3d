namespace HpcFit.Worker.Custom;

/// <summary>What the function answered at one element.</summary>
/// <param name="Names">Its columns.</param>
/// <param name="Values">One a column.</param>
/// <param name="Failure">Why there are none; null when there are.</param>
internal sealed record LearnedColumns(IReadOnlyList<string> Names, IReadOnlyList<double> Values, string? Failure);
