using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Rows;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>
/// The variances behind R² for one set of rows: that of the predictions without random effects, and that of each random term, averaged over
/// rows. Immutable.
/// </summary>
/// <remarks>Nakagawa, Johnson, Schielzeth (2017), J. R. Soc. Interface 14, 20170213; slopes: Johnson (2014), Methods Ecol. Evol.</remarks>
internal sealed class PopulationVariance
{
    private readonly GamDesign _design;
    private readonly double[]? _roots;
    private readonly DenseMatrix _covariance;
    private readonly double[][] _meanProducts; // per term, effects × effects

    /// <summary>Computes the covariance of the columns over the rows of positive weight.</summary>
    /// <param name="model">The model of the rows.</param>
    /// <param name="firstRandom">The index of the first random effect among the smooths.</param>
    /// <param name="effects">The number of effects of each random term.</param>
    public PopulationVariance(RowsModel model, int firstRandom, IReadOnlyList<int> effects)
    {
        var design = _design = model.Designs[0];
        var columns = design.Smooths.Skip(firstRandom).Min(place => place.First);
        int[] rows = [.. Enumerable.Range(0, design.Rows).Where(row => model.RootWeights?[row] is not 0)];
        // The design of a family has no weights, which are those of its working problem.
        _roots = design.Weights is null ? null : model.RootWeights;
        var centred = new DenseMatrix(rows.Length, columns);
        for (var i = 0; i < rows.Length; i++)
        for (var j = 0; j < columns; j++)
            centred[i, j] = design.X[rows[i], j] / (_roots?[rows[i]] ?? 1);
        for (var j = 0; j < columns; j++)
        {
            var mean = 0.0;
            for (var i = 0; i < rows.Length; i++)
                mean += centred[i, j] / rows.Length;
            for (var i = 0; i < rows.Length; i++)
                centred[i, j] -= mean;
        }
        _covariance = centred.Transposed().Times(centred).Scaled(1.0 / (rows.Length - 1));
        var next = firstRandom;
        _meanProducts = [.. effects.Select(count => Enumerable.Range(0, count).Select(_ => next++).ToArray()).Select(MeanProducts)];

        double[] MeanProducts(int[] places) =>
            [.. places.SelectMany(one => places.Select(other => rows.Sum(row => ValueAt(one, row) * ValueAt(other, row)) / rows.Length))];
    }

    /// <summary>The only column of a random effect that is not 0 in a row; of a correlated one in standardised units.</summary>
    private double ValueAt(int place, int row)
    {
        var smooth = _design.Smooths[place];
        if (!smooth.IsAbsorbed)
        {
            var columns = smooth.Smooth.X.Row(row);
            return columns.IndexOfAnyExcept(0) is >= 0 and var group ? columns[group] : 0;
        }
        return _design.Blocks is { } blocks
            ? blocks.Value(row, blocks.Smooths.ToList().IndexOf(place))
            : _design.Absorbed!.Value(row) / (_roots?[row] ?? 1);
    }

    /// <summary>The variance over rows of the predictions without random effects and offset.</summary>
    /// <param name="coefficients">The coefficients of the model.</param>
    public double OfPredictions(ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        var own = coefficients[.._covariance.Rows];
        for (var i = 0; i < own.Length; i++)
            sum += own[i] * FixedOrder.Dot(_covariance.Row(i), own);
        return Math.Max(sum, 0);
    }

    /// <summary>The variance of a random term, averaged over rows, relative to that of residuals.</summary>
    /// <param name="term">The index of the random term.</param>
    /// <param name="factor">The factor of the covariance of its effects, relative to it, row-major.</param>
    public double OfTerm(int term, ReadOnlySpan<double> factor)
    {
        var (products, sum) = (_meanProducts[term], 0.0);
        var effects = (int)Math.Sqrt(products.Length);
        for (var c = 0; c < effects; c++)
        for (var a = 0; a < effects; a++)
        for (var b = 0; b < effects; b++)
            sum += factor[(a * effects) + c] * products[(a * effects) + b] * factor[(b * effects) + c];
        return sum;
    }

    /// <summary>The mean over rows of the squares of the columns of a random term's only effect: 1 for intercepts.</summary>
    /// <param name="term">The index of the random term.</param>
    public double MeanSquare(int term) => _meanProducts[term][0];
}
