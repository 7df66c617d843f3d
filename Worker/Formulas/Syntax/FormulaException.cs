using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Formulas.Syntax;

/// <summary>A formula that cannot be parsed or used. The message shows the text with a caret below the position.</summary>
/// <param name="problem">What is wrong and what to try.</param>
/// <param name="text">The complete formula.</param>
/// <param name="span">The position.</param>
internal sealed class FormulaException(string problem, string text, SourceSpan span)
    : BadInputException(CaretText.Render(problem, text, span.Start, span.End));

/// <summary>
/// A data-dependent term cannot be built from the given rows (fewer distinct values than its degree needs). For the whole cohort this is a
/// user error; at one element it becomes the element's status.
/// </summary>
internal sealed class BasisImpossibleException(string problem) : Exception(problem);
