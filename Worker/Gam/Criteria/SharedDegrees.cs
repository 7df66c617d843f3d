using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// The smooths' effective degrees of freedom if unpenalised columns are dependent and GCV.Cp distributes an effect among them (<c>Age +
/// s(Age)</c>): each of them then has a fraction of one degree, although their sum is determined. Immutable.
/// </summary>
/// <remarks>
/// The influence is <c>F = V XᵀWX / σ² = P H⁻¹ Dᵀ Qᵀ√w X</c> with P the map to the shortest coefficients, D = [I 0; 0 G] and
/// H⁻¹ = [I 0; 0 C] (<see cref="GamDesign"/>), so that a smooth's traces of F and FF are those of <c>H⁻¹ T</c> and <c>H⁻¹DᵀDH⁻¹ T</c>, T
/// the product of its columns of <c>DᵀQᵀ√w X</c> with its rows of P. Wood 2017 (2nd ed.), §6.1.2.
/// </remarks>
internal sealed class SharedDegrees
{
    private readonly double[] _unpenalised; // per smooth, the trace of T over unpenalised coordinates
    private readonly DenseMatrix[] _penalised; // and T over penalised ones

    /// <summary>Prepares the traces of every smooth.</summary>
    /// <param name="design">The design; everything except its shared degrees must be set.</param>
    /// <param name="projections">Q.</param>
    public SharedDegrees(GamDesign design, DenseMatrix projections)
    {
        int free = design.UnpenalisedCount,
            count = design.PenalisedCount;
        var seen = projections.Transposed().Times(design.X);
        _unpenalised = new double[design.Smooths.Count];
        _penalised = [.. design.Smooths.Select(_ => new DenseMatrix(count, count))];
        for (var s = 0; s < design.Smooths.Count; s++)
        for (var i = design.Smooths[s].First; i < design.Smooths[s].First + design.Smooths[s].Count; i++)
        {
            var map = design.ToCoefficients.Row(i);
            for (var u = 0; u < free; u++)
                _unpenalised[s] += seen[u, i] * map[u];
            for (var a = 0; a < count; a++)
            {
                var pulled = 0.0;
                for (var r = 0; r < count; r++)
                    pulled += design.Factor[r, a] * seen[free + r, i];
                FixedOrder.Add(pulled, map[free..], _penalised[s].Row(a));
            }
        }
    }

    /// <summary>The effective degrees of freedom of a smooth after the criterion's last fit; null: no column is penalised.</summary>
    public double Edf(int smooth, SmoothnessCriterion? criterion)
    {
        var sum = _unpenalised[smooth];
        if (criterion is null)
            return sum;
        var part = _penalised[smooth];
        for (var i = 0; i < part.Rows; i++)
        for (var j = 0; j < part.Rows; j++)
            sum += criterion.Inverse(i, j) * part[j, i];
        return sum;
    }

    /// <summary>Its alternative degrees of freedom, <c>tr(2F - FF)</c>.</summary>
    public double AlternativeEdf(int smooth, SmoothnessCriterion? criterion)
    {
        var squared = _unpenalised[smooth];
        var part = _penalised[smooth];
        if (criterion is not null)
            for (var i = 0; i < part.Rows; i++)
            for (var j = 0; j < part.Rows; j++)
                squared += criterion.InverseOfData(i, j) * part[j, i];
        return 2 * Edf(smooth, criterion) - squared;
    }
}
