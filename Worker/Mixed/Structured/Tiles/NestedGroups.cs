using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// Groups of one effect, and those in which they are nested, level by level. With t = θ² of each level, group g of the lowest has m = R²
/// and V⁻¹ is 1 / (1 + t m) on its o, so that S = 1'V⁻¹E = R U / (1 + t m) and μ = 1'V⁻¹1 = m / (1 + t m) are known; those of a group
/// above are sums over the groups in it, and eliminating its intercept subtracts t S'S / (1 + t μ) from E'V⁻¹E, divides S and μ by x = 1 +
/// t μ, and adds ln x to ln |V| (Sherman and Morrison 1950). The work is linear in the number of groups.
/// </summary>
internal sealed class NestedGroups : AbsorbedTables
{
    private readonly SharedStructure _shared;
    private readonly double[] _root;
    private readonly int[] _order;

    public NestedGroups(SharedStructure shared)
    {
        _shared = shared;
        var (tables, size) = (shared.Tables, shared.Size);
        var groups = tables.Groups;
        Parameters = [.. shared.Chain.Select(t => shared.Structure.Terms[t].FirstParameter)];
        _root = [.. Enumerable.Range(0, groups.Count).Select(g => groups.R(g, 0, 0))];
        ClassOfGroup = groups.ClassOf[..groups.Count];
        Count = groups.CountOfClass[..groups.Classes];
        Mass = [.. Enumerable.Range(0, groups.Classes).Select(k => groups.OfClass(k)[0] * groups.OfClass(k)[0])];
        Products = new double[Mass.Length * shared.Within.Length];
        for (var g = 0; g < groups.Count; g++)
        for (int i = 0, e = ClassOfGroup[g] * shared.Within.Length; i < size; i++)
        for (var j = 0; j <= i; j++, e++)
            Products[e] += shared.Coordinates[(g * size) + i] * shared.Coordinates[(g * size) + j];
        (_order, CellOfGroup) = (new int[groups.Count], new int[groups.Count]);
        (CellClass, CellMass, CellSums, Closes) = ([], [], [], []);
        if (Levels > 1)
            FindCells();
    }

    /// <summary>The parameter of each level, the lowest first.</summary>
    public int[] Parameters { get; }

    /// <summary>The number of levels.</summary>
    public int Levels => Parameters.Length;

    /// <summary>The class of each group of the lowest level.</summary>
    public int[] ClassOfGroup { get; }

    /// <summary>m of each class.</summary>
    public double[] Mass { get; }

    /// <summary>The number of groups of each class.</summary>
    public int[] Count { get; }

    /// <summary>Σ U'U over the groups of each class, lower triangles by rows.</summary>
    public double[] Products { get; }

    /// <summary>R of each group.</summary>
    public ReadOnlySpan<double> Root => _root;

    /// <summary>The cell of each group: the groups of one class in one group of the second level. Cells of a group of any level are
    /// consecutive.</summary>
    public int[] CellOfGroup { get; }

    /// <summary>The class of each cell.</summary>
    public int[] CellClass { get; private set; }

    /// <summary>Σ m of each cell.</summary>
    public double[] CellMass { get; private set; }

    /// <summary>Σ R U of each cell, cells × size.</summary>
    public double[] CellSums { get; private set; }

    /// <summary>The number of levels above the lowest of which a group ends with each cell.</summary>
    public int[] Closes { get; private set; }

    /// <inheritdoc/>
    public override AbsorbedJets<TLanes> CreateJets<TLanes>(SharedStructure shared, StartLattice lattice) =>
        new NestedJets<TLanes>(shared, this, lattice);

    /// <inheritdoc/>
    /// <remarks>The point has 1 / (1 + t m) of each class, and ω = t / x, 1 / x and S of each group above, in the order in which they
    /// end.</remarks>
    public override double Tabulate(SharedStructure shared, ReadOnlySpan<double> theta, Span<double> information, out double[] point)
    {
        var (size, log, found) = (shared.Size, 0.0, new List<double>());
        shared.Within.CopyTo(information);
        var t = theta[Parameters[0]] * theta[Parameters[0]];
        for (var k = 0; k < Mass.Length; k++)
        {
            found.Add(1 / (1 + (t * Mass[k])));
            log += Count[k] * ReproducibleMath.Log1p(t * Mass[k]);
            FixedOrder.Add(found[k], Products.AsSpan(k * information.Length, information.Length), information);
        }
        var (sums, masses) = (new double[(Levels + 1) * size], new double[Levels + 1]);
        for (var cell = 0; cell < CellClass.Length; cell++)
        {
            masses[0] += found[CellClass[cell]] * CellMass[cell];
            FixedOrder.Add(found[CellClass[cell]], CellSums.AsSpan(cell * size, size), sums.AsSpan(0, size));
            for (var level = 0; level < Closes[cell]; level++)
            {
                var own = sums.AsSpan(level * size, size);
                t = theta[Parameters[level + 1]] * theta[Parameters[level + 1]];
                var x = 1 + (t * masses[level]);
                log += ReproducibleMath.Log(x);
                found.AddRange([t / x, 1 / x, .. own]);
                for (var i = 0; i < size; i++)
                    FixedOrder.Add(-t / x * own[i], own[..(i + 1)], information.Slice(SharedStructure.Entry(i, 0), i + 1));
                FixedOrder.Add(1 / x, own, sums.AsSpan((level + 1) * size, size));
                masses[level + 1] += masses[level] / x;
                own.Clear();
                masses[level] = 0;
            }
        }
        point = [.. found];
        return log;
    }

    /// <summary>Sorts the groups by those above, the highest first, then by class.</summary>
    private void FindCells()
    {
        var (tables, size) = (_shared.Tables, _shared.Size);
        var keys = new int[_root.Length][];
        for (var g = 0; g < keys.Length; g++)
        {
            var subject = tables.Subject[tables.Groups.End[g] - 1];
            keys[g] =
            [
                .. Enumerable
                    .Range(1, Levels - 1)
                    .Select(level => _shared.Structure.Factors[_shared.Structure.Terms[_shared.Chain[level]].Factor].Codes[subject])
                    .Reverse(),
                ClassOfGroup[g],
            ];
            _order[g] = g;
        }
        Array.Sort(_order, (a, b) => keys[a].AsSpan().SequenceCompareTo(keys[b]) is var order and not 0 ? order : a.CompareTo(b));
        var (ofCell, closes, masses, sums) = (new List<int>(), new List<int>(), new List<double>(), new List<double>());
        for (var i = 0; i < _order.Length; i++)
        {
            var g = _order[i];
            var common = i == 0 ? 0 : keys[g].AsSpan().CommonPrefixLength(keys[_order[i - 1]]);
            if (common < Levels)
            {
                if (i > 0)
                    closes.Add(Math.Max(0, Levels - 1 - common));
                ofCell.Add(ClassOfGroup[g]);
                masses.Add(0);
                sums.AddRange(new double[size]);
            }
            CellOfGroup[g] = ofCell.Count - 1;
            masses[^1] += Mass[ClassOfGroup[g]];
            for (var c = 0; c < size; c++)
                sums[sums.Count - size + c] += _root[g] * _shared.Coordinates[(g * size) + c];
        }
        closes.Add(Levels - 1);
        (CellClass, Closes, CellMass, CellSums) = ([.. ofCell], [.. closes], [.. masses], [.. sums]);
    }
}
