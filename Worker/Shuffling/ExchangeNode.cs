namespace HpcFit.Worker.Shuffling;

/// <summary>
/// A node of the tree of exchangeability (Winkler et al. 2015, NeuroImage 123:253): a row, or a block of rows or smaller blocks, in the
/// order in which they replace those of another block.
/// </summary>
internal sealed class ExchangeNode
{
    private ExchangeNode(string name, int row, bool isExchanging, IReadOnlyList<ExchangeNode> children)
    {
        (Name, Row, IsExchanging, Children) = (name, row, isExchanging, children);
        Size = row >= 0 ? 1 : children.Sum(child => child.Size);
    }

    /// <summary>The block for messages; of a row empty.</summary>
    public string Name { get; }

    /// <summary>The row, an index into the rows that are shuffled; -1 of a block.</summary>
    public int Row { get; }

    /// <summary>Whether the block's parts are exchanged with each other, each as a whole.</summary>
    public bool IsExchanging { get; }

    /// <summary>The block's parts; none of a row.</summary>
    public IReadOnlyList<ExchangeNode> Children { get; }

    /// <summary>How many rows.</summary>
    public int Size { get; }

    /// <summary>A row.</summary>
    public static ExchangeNode OfRow(int row) => new("", row, false, []);

    /// <summary>A block.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="isExchanging">Whether its parts are exchanged with each other, each as a whole.</param>
    /// <param name="children">Its parts.</param>
    public static ExchangeNode OfBlock(string name, bool isExchanging, IReadOnlyList<ExchangeNode> children) =>
        new(name, -1, isExchanging, children);

    /// <summary>A block of rows.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="isExchanging">Whether they are exchanged with each other.</param>
    /// <param name="rows">The rows.</param>
    public static ExchangeNode OfRows(string name, bool isExchanging, IEnumerable<int> rows) =>
        OfBlock(name, isExchanging, [.. rows.Select(OfRow)]);
}
