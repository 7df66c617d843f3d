using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// A quadratic form by classes of groups: its part within groups, and per class and pair (a, b) of the class's directions, a at most b, the
/// sum over groups of <c>fₐ fₐᵀ</c>, or of <c>fₐ f_bᵀ + f_b fₐᵀ</c>. Matrices are padded with zeros to a multiple of four rows.
/// </summary>
/// <param name="Within">W.</param>
/// <param name="Between">Per class, its pairs by rows of a lower triangle.</param>
internal sealed record BlockForms(DenseMatrix Within, DenseMatrix[][] Between)
{
    /// <summary>The number of rows with the padding.</summary>
    public int Size => Within.Rows;

    /// <summary>The forms of an effect in some coordinates.</summary>
    /// <param name="within">The part within groups in the basis.</param>
    /// <param name="directions">The groups' directions in the basis, as rows.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="classes">The number of directions of each class.</param>
    /// <param name="map">The coordinates in the basis.</param>
    public static BlockForms Create(
        DenseMatrix within,
        DenseMatrix directions,
        IReadOnlyList<EffectGroup> groups,
        int[] classes,
        DenseMatrix map
    )
    {
        var mapped = directions.Times(map);
        var size = ClassForms.SizeOf(map.Columns);
        DenseMatrix[][] between =
        [
            .. classes.Select(rank => Enumerable.Range(0, rank * (rank + 1) / 2).Select(_ => new DenseMatrix(size, size)).ToArray()),
        ];
        foreach (var group in groups)
        {
            var pair = 0;
            for (var b = 0; b < classes[group.Class]; b++)
            for (var a = 0; a <= b; a++, pair++)
            {
                var form = between[group.Class][pair];
                ReadOnlySpan<double> one = mapped.Row(group.First + a),
                    other = mapped.Row(group.First + b);
                for (var i = 0; i < map.Columns; i++)
                {
                    FixedOrder.Add(one[i], other, form.Row(i)[..map.Columns]);
                    if (a != b)
                        FixedOrder.Add(other[i], one, form.Row(i)[..map.Columns]);
                }
            }
        }
        return new(ClassForms.Padded(within.Congruent(map)), between);
    }
}

/// <summary>A group of random effects.</summary>
/// <param name="Class">Its class.</param>
/// <param name="First">Its first direction among those of all groups.</param>
internal readonly record struct EffectGroup(int Class, int First);
