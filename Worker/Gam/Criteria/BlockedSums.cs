using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// What blocked effects need of an element's response, from the residuals e of least squares on the other columns: their sum of squares
/// within groups, and <c>Eᵀe</c> of each group. A workspace; not thread-safe.
/// </summary>
internal sealed class BlockedSums(BlockedEffects effects) : IEffectSums
{
    private readonly double[] _residuals = new double[effects.Basis.Rows];

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<double> values, Span<double> input)
    {
        values.CopyTo(_residuals);
        for (var j = 0; j < effects.Dimension; j++)
            FixedOrder.Add(-input[j], effects.BasisColumns.Row(j), _residuals);
        input = input[effects.Dimension..];
        input.Clear();
        var sums = input[1..];
        for (var row = 0; row < _residuals.Length; row++)
            if (effects.GroupOf(row) is >= 0 and var group)
                FixedOrder.Add(_residuals[row], effects.Direction(row), SumsOf(group, sums));
        for (var row = 0; row < _residuals.Length; row++)
        {
            var deviation = _residuals[row];
            if (effects.GroupOf(row) is >= 0 and var group)
                for (var a = 0; a < effects.RankOf(group); a++)
                    deviation -= effects.Direction(row)[a] * sums[effects.Groups[group].First + a];
            input[0] += deviation * deviation;
        }
    }

    private Span<double> SumsOf(int group, Span<double> sums) => sums.Slice(effects.Groups[group].First, effects.RankOf(group));
}
