namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>What a <see cref="NumberExpression"/> yields in each row.</summary>
internal enum ValueKind
{
    /// <summary>A number; NaN: missing.</summary>
    Number,

    /// <summary>1 (true), 0 (false) or NaN (missing).</summary>
    Logical,
}

/// <summary>An expression that can be evaluated in any row that is loaded into the buffers of its columns.</summary>
internal abstract class RowExpression;

/// <summary>An expression that yields a number or a logical value.</summary>
/// <param name="kind">Which of both.</param>
/// <param name="valueAt">Its value in a row, counted from the first one that is loaded.</param>
internal sealed class NumberExpression(ValueKind kind, Func<int, double> valueAt) : RowExpression
{
    /// <summary>Which of both.</summary>
    public ValueKind Kind { get; } = kind;

    /// <summary>Its value in a row, counted from the first one that is loaded.</summary>
    public Func<int, double> ValueAt { get; } = valueAt;
}

/// <summary>An expression that yields a text.</summary>
/// <param name="textAt">Its text in a row, counted from the first one that is loaded.</param>
internal sealed class TextExpression(Func<int, string> textAt) : RowExpression
{
    /// <summary>Its text in a row, counted from the first one that is loaded.</summary>
    public Func<int, string> TextAt { get; } = textAt;
}
