using HpcFit.Shared.Stripes;

namespace HpcFit.Worker.Pipeline;

/// <summary>How the fitting of a job ended.</summary>
/// <param name="IsComplete">Whether every element has its results; false after a stop.</param>
/// <param name="LeftOut">The damaged chunks whose elements were left out.</param>
internal sealed record JobFitOutcome(bool IsComplete, IReadOnlyList<CorruptChunkException> LeftOut);
