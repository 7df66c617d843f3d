using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Shuffling;

/// <summary>
/// Whether blocks that are exchanged with each other as a whole can be: they have equally many rows, and equal exchanges within them.
/// </summary>
internal sealed class BlockShapes
{
    private const int Listed = 4;

    private readonly Dictionary<string, int> _shapes = new(StringComparer.Ordinal);
    private readonly string _structure;

    private BlockShapes(string structure) => _structure = structure;

    /// <summary>Refuses a tree in which unequal blocks are exchanged.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="structure">Where it comes from, the start of a message.</param>
    /// <exception cref="BadInputException">The message names the blocks with their sizes.</exception>
    public static void RequireEqual(ExchangeNode tree, string structure) => new BlockShapes(structure).Shape(tree);

    /// <summary>A number that two nodes share if they have equal shapes.</summary>
    private int Shape(ExchangeNode node)
    {
        if (node.Row >= 0)
            return 0;
        var shapes = node.Children.Select(Shape).ToList();
        if (shapes.Count == 1)
            return shapes[0];
        if (node.IsExchanging && shapes.Exists(shape => shape != shapes[0]))
            throw Unequal(node);
        var description = $"{node.IsExchanging}:" + string.Join(',', node.IsExchanging ? [shapes.Count, shapes[0]] : shapes);
        if (!_shapes.TryGetValue(description, out var number))
            _shapes.Add(description, number = _shapes.Count + 1);
        return number;
    }

    private BadInputException Unequal(ExchangeNode node)
    {
        var sizes = node
            .Children.GroupBy(child => child.Size)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key)
            .ToList();
        var within = node.Name.Length == 0 ? "" : $" within {node.Name}";
        if (sizes.Count == 1)
            return new(
                $"{_structure}: blocks{within} that are exchanged as a whole have {sizes[0].Key} rows each, but differ in what is "
                    + "exchanged inside them. Give blocks of equal structure an outer level of their own."
            );
        var listed = sizes.Select(group =>
            $"{CountText.Format(group.Key, "row")}: {string.Join(", ", group.Take(Listed).Select(block => block.Name))}"
            + (group.Count() > Listed ? $", … ({group.Count():N0} blocks)" : "")
        );
        return new(
            $"{_structure}: blocks{within} that are exchanged as a whole have unequal numbers of rows in the fit "
                + $"({string.Join("; ", listed)}). Only blocks of equal size can replace each other. Leave out rows until sizes are equal "
                + "(--subset), or exchange blocks among those of the same size: with a column of the sizes as --exchange within, next to "
                + "whole, or, in a table of blocks, with an outer level whose index is negative."
        );
    }
}
