namespace HpcFit.Coordinator.Tables.Queries;

/// <summary>What an expression yields in each row.</summary>
internal enum ValueKind
{
    /// <summary>A number; NaN: missing.</summary>
    Number,

    /// <summary>1 (true), 0 (false) or NaN (missing).</summary>
    Logical,

    /// <summary>A text.</summary>
    Text,
}

/// <summary>An expression that can be evaluated in any row that is loaded into the buffers of its columns.</summary>
internal abstract class RowExpression
{
    /// <summary>What it yields.</summary>
    public abstract ValueKind Kind { get; }
}

/// <summary>An expression that yields a number or a logical value.</summary>
/// <param name="kind">Which of both.</param>
/// <param name="valueAt">Its value in a row, counted from the first one that is loaded.</param>
internal sealed class NumberExpression(ValueKind kind, Func<int, double> valueAt) : RowExpression
{
    /// <inheritdoc/>
    public override ValueKind Kind { get; } = kind;

    /// <summary>Its value in a row, counted from the first one that is loaded.</summary>
    public Func<int, double> ValueAt { get; } = valueAt;
}

/// <summary>An expression that yields a text.</summary>
/// <param name="textAt">Its text in a row, counted from the first one that is loaded.</param>
internal sealed class TextExpression(Func<int, string> textAt) : RowExpression
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Text;

    /// <summary>Its text in a row, counted from the first one that is loaded.</summary>
    public Func<int, string> TextAt { get; } = textAt;
}
