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
    private readonly double[] _sums = new double[effect.Groups];
    private readonly double[] _means = new double[effect.Groups];

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<double> values, Span<double> input)
    {
        int d = effect.Dimension,
            classes = effect.Classes;
        values.CopyTo(_residuals);
        for (var j = 0; j < d; j++)
            FixedOrder.Add(-input[j], effect.BasisColumns.Row(j), _residuals);
        Array.Clear(_sums);
        for (var i = 0; i < _residuals.Length; i++)
            if (effect.GroupOf(i) is >= 0 and var group)
                _sums[group] += effect.Value(i) * _residuals[i];
        for (var group = 0; group < _means.Length; group++)
            _means[group] = _sums[group] / effect.GroupMass[group];
        var within = 0.0;
        for (var i = 0; i < _residuals.Length; i++)
        {
            var deviation = _residuals[i];
            if (effect.GroupOf(i) is >= 0 and var group)
                deviation -= effect.Value(i) * _means[group];
            within += deviation * deviation;
        }
        input = input[d..];
        input.Clear();
        input[0] = within;
        Span<double> squares = input.Slice(1, classes),
            totals = input.Slice(1 + classes, classes),
            crossed = input.Slice(1 + (2 * classes), classes * d);
        for (var group = 0; group < _sums.Length; group++)
        {
            var (k, sum, share) = (effect.ClassOfGroup[group], _sums[group], _means[group]);
            squares[k] += sum * share;
            totals[k] += effect.Totals[group] * sum;
            FixedOrder.Add(share, effect.GroupSums.Row(group), crossed.Slice(k * d, d));
        }
    }
}
