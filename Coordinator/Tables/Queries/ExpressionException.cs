using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>An expression that cannot be parsed or evaluated. The message shows the text with a caret below the position.</summary>
/// <param name="problem">What is wrong and what to try.</param>
/// <param name="text">The complete expression.</param>
/// <param name="start">The first character concerned.</param>
/// <param name="end">The character after the last one.</param>
internal sealed class ExpressionException(string problem, string text, int start, int end)
    : BadInputException(CaretText.Render(problem, text, start, end));
