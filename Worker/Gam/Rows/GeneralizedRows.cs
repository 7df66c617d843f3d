using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Generalized;

namespace HpcFit.Worker.Gam.Rows;

/// <summary>The part of a set of rows that only families other than the normal one need. Immutable.</summary>
/// <param name="Family">The family.</param>
/// <param name="Designs">The model's design, then one per reduced model.</param>
/// <param name="Null">The model of a constant and the offset; null: the mean of the response has its deviance.</param>
internal sealed record GeneralizedRows(GamFamily Family, IReadOnlyList<GeneralizedDesign> Designs, GeneralizedDesign? Null)
{
    /// <summary>The designs of a set of rows.</summary>
    /// <param name="family">The family.</param>
    /// <param name="designs">Model matrices without weights, and their parametric columns.</param>
    /// <param name="weights">Prior weights, or null.</param>
    /// <param name="offset">The offset, or null.</param>
    /// <param name="hasIntercept">Whether the model has an intercept.</param>
    public static GeneralizedRows Create(
        GamFamily family,
        IReadOnlyList<(GamDesign Design, DenseMatrix Parametric)> designs,
        double[]? weights,
        double[]? offset,
        bool hasIntercept
    )
    {
        GeneralizedDesign? constant = null;
        if (offset is not null && hasIntercept)
        {
            var ones = new DenseMatrix(offset.Length, 1);
            Array.Fill(ones.Values, 1);
            constant = new(new GamDesign(ones, [], null, SmoothnessMethod.Reml, 1), ones, weights, offset);
        }
        return new(family, [.. designs.Select(one => new GeneralizedDesign(one.Design, one.Parametric, weights, offset))], constant);
    }
}
