using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Formulas;

/// <summary>A formula that cannot be parsed or used. The message shows the text with a caret below the position.</summary>
/// <param name="problem">What is wrong and what to try.</param>
/// <param name="text">The complete formula.</param>
/// <param name="span">The position.</param>
internal sealed class FormulaException(string problem, string text, SourceSpan span) : BadInputException(Render(problem, text, span))
{
    /// <summary>The position in the formula's text.</summary>
    public SourceSpan Span { get; } = span;

    private static string Render(string problem, string text, SourceSpan span)
    {
        // One character per column: a tab or a line break in the text would shift the caret.
        var line = string.Concat(text.Select(ch => char.IsControl(ch) ? ' ' : ch));
        var start = Math.Clamp(span.Start, 0, line.Length);
        var width = Math.Max(1, Math.Min(span.End, line.Length) - start);
        return $"{problem}{Environment.NewLine}  {line}{Environment.NewLine}  {new string(' ', start)}{new string('^', width)}";
    }
}

/// <summary>
/// A data-dependent term cannot be built from the given rows (fewer distinct values than its degree needs). For the whole cohort this is a
/// user error; at one element it becomes the element's status.
/// </summary>
internal sealed class BasisImpossibleException(string problem) : Exception(problem);
