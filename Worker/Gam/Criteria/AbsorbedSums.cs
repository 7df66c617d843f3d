using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// What an absorbed effect needs of an element's response, from the residuals of least squares on the other columns, against cancellation:
/// their sum of squares within groups, and per class the sums over groups of <c>e²/m</c>, of <c>1ᵀz e</c> and of <c>Qᵀz e/m</c>, e = zᵀr. A
/// workspace; not thread-safe.
/// </summary>
internal sealed class AbsorbedSums(AbsorbedEffect effect) : IEffectSums
{
    private readonly double[] _residuals = new double[effect.Basis.Rows];
    private readonly double[] _factors = new double[effect.Dimension];
    private readonly double[] _sums = new double[effect.Groups]; // by class, as the means
    private readonly double[] _means = new double[effect.Groups];

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<double> values, Span<double> input)
    {
        int d = effect.Dimension,
            classes = effect.Classes;
        values.CopyTo(_residuals);
        for (var j = 0; j < d; j++)
            _factors[j] = -input[j];
        FixedOrder.AddCombined(_factors, effect.BasisColumns.Values, _residuals);
        input = input[d..];
        Centre();
        input[0] = FixedOrder.Dot(_residuals, _residuals);
        Span<double> squares = input.Slice(1, classes),
            totals = input.Slice(1 + classes, classes),
            crossed = input.Slice(1 + (2 * classes), classes * d);
        var first = 0;
        for (var k = 0; k < classes; k++)
        {
            var count = effect.Counts[k];
            ReadOnlySpan<double> sums = _sums.AsSpan(first, count),
                means = _means.AsSpan(first, count);
            squares[k] = FixedOrder.Dot(sums, means);
            totals[k] = FixedOrder.Dot(sums, effect.ByClass.Totals.AsSpan(first));
            FixedOrder.Combine(means, effect.ByClass.Sums.Values.AsSpan(first * d, count * d), crossed.Slice(k * d, d));
            first += count;
        }
    }

    /// <summary>Sums the residuals of each group, and leaves their deviations from what the group explains.</summary>
    private void Centre()
    {
        var groups = effect.ByClass;
        ReadOnlySpan<int> rows = groups.Rows;
        ReadOnlySpan<double> values = groups.Values;
        var row = 0;
        for (var i = 0; i < _sums.Length; i++)
        {
            var (first, sum) = (row, 0.0);
            for (; row < groups.RowEnds[i]; row++)
                sum += values[row] * _residuals[rows[row]];
            var mean = sum / groups.Masses[i];
            for (row = first; row < groups.RowEnds[i]; row++)
                _residuals[rows[row]] -= values[row] * mean;
            (_sums[i], _means[i]) = (sum, mean);
        }
    }
}
