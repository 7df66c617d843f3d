using System.Runtime.CompilerServices;
using HpcFit.Worker.Enhancing.Neighbourhoods;

namespace HpcFit.Worker.Enhancing.Trees;

/// <summary>
/// The max-tree of a map and that of the negated map in one: how the connected sets of elements above a height grow and merge as the height
/// falls. Owns the memory of one thread; building a tree allocates nothing.
/// </summary>
/// <remarks>
/// Union-find over the elements in the order of their absolute values (Najman and Couprie, IEEE Trans. Image Process. 15:3531, 2006).
/// Elements of different signs are never connected, so both trees are built at once. Every element is a node. The connected set of an
/// element e at the heights in (height of its parent, own height] is e with its descendants; that interval is empty if both are equal.
/// </remarks>
internal sealed class MaxTree(Neighbours neighbours)
{
    private readonly HeightOrder _order = new(neighbours.Elements);
    private readonly TreeNode[] _nodes = new TreeNode[neighbours.Elements];

    /// <summary>Memory in bytes per element.</summary>
    public static int BytesPerElement => HeightOrder.BytesPerElement + Unsafe.SizeOf<TreeNode>();

    /// <summary>The nodes, by element. Before <see cref="Build"/>, <see cref="TreeNode.Total"/> is what each element contributes.</summary>
    public Span<TreeNode> Nodes => _nodes;

    /// <summary>Builds the trees of the elements whose absolute value is above a floor.</summary>
    /// <param name="map">One value per element; NaN: not an element of the tree.</param>
    /// <param name="floor">Not negative.</param>
    /// <returns>The elements of both trees, the largest absolute value first; valid until the next call.</returns>
    public ReadOnlySpan<int> Build(ReadOnlySpan<float> map, float floor)
    {
        var order = _order.Sort(map, floor);
        var nodes = _nodes;
        for (var element = 0; element < nodes.Length; element++)
            nodes[element].Root = TreeNode.None;
        foreach (var element in order)
        {
            ref var node = ref nodes[element];
            node.IsNegative = map[element] < 0;
            node.Parent = node.Root = element;
            var total = node.Total;
            foreach (var other in neighbours.Of(element))
            {
                if (nodes[other].Root == TreeNode.None || nodes[other].IsNegative != node.IsNegative)
                    continue;
                var root = FindRoot(nodes, other);
                if (root == element)
                    continue;
                ref var merged = ref nodes[root];
                merged.Parent = merged.Root = element;
                total += merged.Total;
            }
            node.Total = total;
        }
        return order;
    }

    /// <summary>The root of an element's set so far; halves the path.</summary>
    private static int FindRoot(TreeNode[] nodes, int element)
    {
        while (nodes[element].Root is var next && next != element)
            element = nodes[element].Root = nodes[next].Root;
        return element;
    }
}
