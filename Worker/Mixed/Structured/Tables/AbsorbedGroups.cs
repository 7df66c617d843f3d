using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>
/// The groups of the absorbed factor: their rows, R of their effects Z = O R, and the classes of equal R. The products of the coordinates
/// of classes with many groups are summed once. A reused workspace of one thread.
/// </summary>
internal sealed class AbsorbedGroups
{
    /// <summary>An effect whose part outside those before it is this small relative to its length depends on them.</summary>
    private const double Tolerance = 1e-8;

    private readonly int _effects;
    private readonly double[] _r;
    private readonly int[] _order;
    private readonly Comparison<int> _comparison;

    public AbsorbedGroups(int levels, int effects)
    {
        _effects = effects;
        (_r, _order) = (new double[levels * effects * effects], new int[levels]);
        (End, ClassOf, FirstOfClass, CountOfClass, Pool) = (
            new int[levels],
            new int[levels],
            new int[levels],
            new int[levels],
            new int[levels]
        );
        _comparison = Compare;
    }

    /// <summary>The number of groups with rows.</summary>
    public int Count { get; private set; }

    /// <summary>The row after the last of each group.</summary>
    public int[] End { get; }

    /// <summary>The class of each group.</summary>
    public int[] ClassOf { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; private set; }

    /// <summary>A group of each class.</summary>
    public int[] FirstOfClass { get; }

    /// <summary>The number of groups of each class.</summary>
    public int[] CountOfClass { get; }

    /// <summary>The index of each class among those whose products are summed; -1: its groups are added one by one.</summary>
    public int[] Pool { get; }

    /// <summary>The number of classes whose products are summed.</summary>
    public int Pools { get; private set; }

    /// <summary>The number of pairs of effects, those of an effect with itself included.</summary>
    public int Pairs => _effects * (_effects + 1) / 2;

    /// <summary>Per pool and pair (a ≤ b): Σ U_a'U_b over its groups, for a &lt; b plus its transpose; size × size each.</summary>
    public double[] Products { get; private set; } = [];

    /// <summary>Removes all groups.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a group that ends before a row.</summary>
    public void Add(int end) => End[Count++] = end;

    /// <summary>R of a class, row-major.</summary>
    public ReadOnlySpan<double> OfClass(int k) => _r.AsSpan(FirstOfClass[k] * _effects * _effects, _effects * _effects);

    /// <summary>An entry of a group's R.</summary>
    public double R(int group, int row, int column) => _r[(((group * _effects) + row) * _effects) + column];

    /// <summary>The squared length of a group's effect.</summary>
    public double SquaredLength(int group, int effect)
    {
        var sum = 0.0;
        for (var row = 0; row <= effect; row++)
            sum += R(group, row, effect) * R(group, row, effect);
        return sum;
    }

    /// <summary>
    /// Replaces the effects by an orthonormal basis of them in each group, by Gram-Schmidt orthogonalisation done twice; an effect that
    /// depends on those before it becomes 0.
    /// </summary>
    /// <param name="effects">Rows × effects.</param>
    public void Orthogonalise(Span<double> effects)
    {
        Array.Clear(_r);
        var from = 0;
        for (var group = 0; group < Count; from = End[group++])
        for (var a = 0; a < _effects; a++)
        {
            var length = Math.Sqrt(Dot(effects, from, End[group], a, a));
            for (var pass = 0; pass < 2; pass++)
            for (var b = 0; b < a; b++)
            {
                var dot = Dot(effects, from, End[group], a, b);
                _r[(((group * _effects) + b) * _effects) + a] += dot;
                for (var row = from; row < End[group]; row++)
                    effects[(row * _effects) + a] -= dot * effects[(row * _effects) + b];
            }
            var rest = Math.Sqrt(Dot(effects, from, End[group], a, a));
            var isDependent = !(rest > Tolerance * length);
            _r[(((group * _effects) + a) * _effects) + a] = isDependent ? 0 : rest;
            for (var row = from; row < End[group]; row++)
                effects[(row * _effects) + a] = isDependent ? 0 : effects[(row * _effects) + a] / rest;
        }
    }

    /// <summary>Finds the classes, and sums the products of those with enough groups.</summary>
    /// <param name="coordinates">U, per group effects × size.</param>
    /// <param name="size">The number of columns of U.</param>
    public void FindClasses(ReadOnlySpan<double> coordinates, int size)
    {
        var order = _order.AsSpan(0, Count);
        for (var group = 0; group < Count; group++)
            order[group] = group;
        order.Sort(_comparison);
        (Classes, Pools) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            if (i == 0 || !Entries(order[i]).SequenceEqual(Entries(order[i - 1])))
                (FirstOfClass[Classes], CountOfClass[Classes++]) = (order[i], 0);
            CountOfClass[Classes - 1]++;
            ClassOf[order[i]] = Classes - 1;
        }
        for (var k = 0; k < Classes; k++)
            Pool[k] = CountOfClass[k] >= Math.Max(2, size / 8) ? Pools++ : -1;
        SumProducts(coordinates, size);
    }

    private void SumProducts(ReadOnlySpan<double> coordinates, int size)
    {
        var length = Pools * Pairs * size * size;
        if (Products.Length < length)
            Products = new double[length];
        Products.AsSpan(0, length).Clear();
        for (var group = 0; group < Count; group++)
        {
            if (Pool[ClassOf[group]] is not (>= 0 and var pool))
                continue;
            var u = coordinates.Slice(group * _effects * size, _effects * size);
            var pair = pool * Pairs;
            for (var a = 0; a < _effects; a++)
            for (var b = a; b < _effects; b++, pair++)
            for (var c = 0; c < size; c++)
            {
                var target = Products.AsSpan(((pair * size) + c) * size, size);
                FixedOrder.Add(u[(a * size) + c], u.Slice(b * size, size), target);
                if (a < b)
                    FixedOrder.Add(u[(b * size) + c], u.Slice(a * size, size), target);
            }
        }
    }

    private ReadOnlySpan<double> Entries(int group) => _r.AsSpan(group * _effects * _effects, _effects * _effects);

    private int Compare(int a, int b) => Entries(a).SequenceCompareTo(Entries(b)) is var order and not 0 ? order : a.CompareTo(b);

    private double Dot(ReadOnlySpan<double> effects, int from, int end, int a, int b)
    {
        var sum = 0.0;
        for (var row = from; row < end; row++)
            sum += effects[(row * _effects) + a] * effects[(row * _effects) + b];
        return sum;
    }
}
