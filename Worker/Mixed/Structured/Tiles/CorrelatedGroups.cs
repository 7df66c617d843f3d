using HpcFit.Worker.Algebra;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// Groups of several effects, such as an intercept and a slope: V⁻¹ is C⁻¹ = (I + R Λ Λ' R')⁻¹ on the O of each group, and groups of equal
/// R are a class.
/// </summary>
internal sealed class CorrelatedGroups : AbsorbedTables
{
    private readonly AbsorbedGroups _groups;
    private readonly AbsorbedInformation _algebra;
    private readonly RelativeFactors _factors;

    public CorrelatedGroups(SharedStructure shared)
    {
        var (structure, size, entries) = (shared.Structure, shared.Size, shared.Within.Length);
        _groups = shared.Tables.Groups;
        (Effects, Pairs) = (structure.AbsorbedEffects, _groups.Pairs);
        (_algebra, _factors) = (new(Effects, shared.Tables.Size), new(structure));
        Parameters =
        [
            .. structure
                .Parameters.Select((one, k) => (one, k, Term: structure.Terms[one.Term]))
                .Where(one => one.Term.IsAbsorbed)
                .Select(one => (one.k, one.Term.Start + one.one.Row, one.Term.Start + one.one.Column)),
        ];
        ClassOfGroup = _groups.ClassOf[.._groups.Count];
        Count = _groups.CountOfClass[.._groups.Classes];
        Factors = new double[Count.Length * Effects * Effects];
        for (var k = 0; k < Count.Length; k++)
            _groups.OfClass(k).CopyTo(Factors.AsSpan(k * Effects * Effects));
        Products = new double[Count.Length * Pairs * entries];
        for (var g = 0; g < ClassOfGroup.Length; g++)
        for (int a = 0, pair = 0; a < Effects; a++)
        for (var b = a; b < Effects; b++, pair++)
        for (int i = 0, e = 0; i < size; i++)
        for (var j = 0; j <= i; j++, e++)
        {
            var (left, right) = (((g * Effects) + a) * size, ((g * Effects) + b) * size);
            ref var target = ref Products[(((ClassOfGroup[g] * entries) + e) * Pairs) + pair];
            target += shared.Coordinates[left + i] * shared.Coordinates[right + j];
            if (a < b)
                target += shared.Coordinates[right + i] * shared.Coordinates[left + j];
        }
    }

    /// <summary>The number of effects.</summary>
    public int Effects { get; }

    /// <summary>The number of pairs of effects, those of an effect with itself included.</summary>
    public int Pairs { get; }

    /// <summary>The parameters of these terms, with their places in Λ.</summary>
    public (int Parameter, int Row, int Column)[] Parameters { get; }

    /// <summary>The class of each group.</summary>
    public int[] ClassOfGroup { get; }

    /// <summary>The number of groups of each class.</summary>
    public int[] Count { get; }

    /// <summary>R of each class, row-major.</summary>
    public double[] Factors { get; }

    /// <summary>
    /// Per class, entry of the lower triangle and pair (a ≤ b): Σ U_a'U_b over its groups, for a &lt; b plus its transpose.
    /// </summary>
    public double[] Products { get; }

    /// <inheritdoc/>
    public override AbsorbedJets<TLanes> CreateJets<TLanes>(SharedStructure shared, StartLattice lattice) =>
        new CorrelatedJets<TLanes>(shared, this, lattice);

    /// <inheritdoc/>
    /// <remarks>The point has C⁻¹, one value per class and pair.</remarks>
    public override double Tabulate(SharedStructure shared, ReadOnlySpan<double> theta, Span<double> information, out double[] point)
    {
        point = new double[Count.Length * Pairs];
        _factors.Set(theta);
        var log = _algebra.Invert(_groups, _factors.Absorbed, point);
        shared.Within.CopyTo(information);
        for (var k = 0; k < Count.Length; k++)
        for (var e = 0; e < information.Length; e++)
            information[e] += FixedOrder.Dot(
                point.AsSpan(k * Pairs, Pairs),
                Products.AsSpan(((k * information.Length) + e) * Pairs, Pairs)
            );
        return log;
    }
}
