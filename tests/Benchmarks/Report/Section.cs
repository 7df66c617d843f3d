namespace HpcFit.Benchmarks.Report;

/// <summary>A part of the page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Paragraphs">Paragraphs and tables, in order.</param>
internal sealed record Section(string Title, params IReadOnlyList<string> Paragraphs);
