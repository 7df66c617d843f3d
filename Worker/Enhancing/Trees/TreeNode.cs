namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// An element in a <see cref="MaxTree"/>. What is used together is one cache line: elements are visited in the order of their values, which
/// is no order in memory.
/// </summary>
internal struct TreeNode
{
    /// <summary><see cref="Root"/> of an element that is not in the tree.</summary>
    public const int None = -1;

    /// <summary>The sum of the contributions of the element and its descendants; afterwards at the disposal of the enhancement.</summary>
    public double Total;

    /// <summary>At the disposal of the enhancement.</summary>
    public double Measure;

    /// <summary>The parent, which is later in the order; a root is its own parent.</summary>
    public int Parent;

    /// <summary>An element of the same connected set on the way to its root, while the tree is built.</summary>
    public int Root;

    /// <summary>The sign of the element's statistic.</summary>
    public bool IsNegative;
}
