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
    private readonly int[] _parents = new int[neighbours.Elements];
    private readonly int[] _roots = new int[neighbours.Elements];
    private readonly double[] _totals = new double[neighbours.Elements];

    /// <summary>Memory in bytes per element.</summary>
    public const int BytesPerElement = HeightOrder.BytesPerElement + (2 * sizeof(int)) + sizeof(double);

    /// <summary>
    /// Per element of the tree its parent, which is later in the order; a root is its own parent.
    /// </summary>
    public ReadOnlySpan<int> Parents => _parents;

    /// <summary>
    /// Before <see cref="Build"/>: what each element contributes. Afterwards: the sums over each element of the tree with its descendants.
    /// </summary>
    public Span<double> Totals => _totals;

    /// <summary>Builds the trees of the elements whose absolute value is above a floor.</summary>
    /// <param name="map">One value per element; NaN: not an element of the tree.</param>
    /// <param name="floor">Not negative.</param>
    /// <returns>The elements of both trees, the largest absolute value first; valid until the next call.</returns>
    public ReadOnlySpan<int> Build(ReadOnlySpan<float> map, float floor)
    {
        var order = _order.Sort(map, floor);
        var (parents, roots, totals) = (_parents, _roots, _totals);
        Array.Fill(roots, -1);
        foreach (var element in order)
        {
            parents[element] = roots[element] = element;
            var sign = BitConverter.SingleToInt32Bits(map[element]);
            var total = totals[element];
            foreach (var other in neighbours.Of(element))
            {
                if (roots[other] < 0 || (BitConverter.SingleToInt32Bits(map[other]) ^ sign) < 0)
                    continue;
                var root = FindRoot(roots, other);
                if (root == element)
                    continue;
                parents[root] = roots[root] = element;
                total += totals[root];
            }
            totals[element] = total;
        }
        return order;
    }

    /// <summary>The root of an element's set so far; halves the path.</summary>
    private static int FindRoot(int[] roots, int element)
    {
        while (roots[element] is var next && next != element)
            element = roots[element] = roots[next];
        return element;
    }
}
