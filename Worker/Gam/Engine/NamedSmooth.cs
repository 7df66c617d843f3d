namespace HpcFit.Worker.Gam.Engine;

/// <summary>A smooth of the run.</summary>
/// <param name="Term">The term that it comes from.</param>
/// <param name="By">Its <c>by</c> variable, with the level of a factor (<c>sexM</c>); null: none.</param>
/// <param name="Label">mgcv's label: <c>s(Age):sexM</c>.</param>
internal sealed record NamedSmooth(SmoothTerm Term, string? By, string Label);
