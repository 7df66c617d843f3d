namespace HpcFit.Shared.Failures;

/// <summary>A problem in a text that the user typed, with the text and carets below the position.</summary>
public static class CaretText
{
    /// <summary>The problem, the text on the next line, and carets below the characters from start to end.</summary>
    /// <param name="problem">What is wrong and what to try.</param>
    /// <param name="text">The complete text.</param>
    /// <param name="start">The first character concerned, counted from 0.</param>
    /// <param name="end">The character after the last one; at least one caret is shown.</param>
    public static string Render(string problem, string text, int start, int end)
    {
        ArgumentNullException.ThrowIfNull(text);
        // One character per column: a tab or a line break in the text would shift the caret.
        var line = string.Concat(text.Select(ch => char.IsControl(ch) ? ' ' : ch));
        start = Math.Clamp(start, 0, line.Length);
        var width = Math.Max(1, Math.Min(end, line.Length) - start);
        return $"{problem}{Environment.NewLine}  {line}{Environment.NewLine}  {new string(' ', start)}{new string('^', width)}";
    }
}
