namespace HpcFit.Worker.Formulas;

/// <summary>A range of a formula's text: half-open, in UTF-16 units.</summary>
internal readonly record struct SourceSpan(int Start, int End)
{
    /// <summary>The smallest span that contains both.</summary>
    public SourceSpan To(SourceSpan other) => new(Math.Min(Start, other.Start), Math.Max(End, other.End));
}
