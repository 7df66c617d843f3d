namespace HpcFit.Worker.Models;

/// <summary>What was found of missing subjects at some elements of a run.</summary>
/// <param name="Examined">Elements that were examined.</param>
/// <param name="Complete">Those of them at which no row of <see cref="IModelEngine.FittedRows"/> is missing.</param>
/// <param name="Incomplete">Those at which some are missing and others are not. The rest have no value and are outside every
/// analysis.</param>
/// <param name="MissingAt">Per row of the cohort the number of incomplete elements at which it is missing; 0 for rows that are not
/// fitted.</param>
/// <param name="IsWhole">Whether all elements of the run were examined.</param>
internal sealed record MissingSample(long Examined, long Complete, long Incomplete, IReadOnlyList<long> MissingAt, bool IsWhole);
