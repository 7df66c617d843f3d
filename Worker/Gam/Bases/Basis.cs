using HpcFit.Worker.Gam.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>A smooth's basis at the rows it was built on, with its penalties, before any constraint.</summary>
/// <param name="X">The basis functions at the rows: rows × k.</param>
/// <param name="Penalties">The penalty matrices, k × k; empty for an unpenalised smooth.</param>
/// <param name="NullDimension">How many functions no penalty sees.</param>
internal sealed record Basis(DenseMatrix X, IReadOnlyList<DenseMatrix> Penalties, int NullDimension)
{
    /// <summary>The basis at other covariate values; null where nothing but the fit needs it (random effects).</summary>
    public Func<double[][], DenseMatrix>? At { get; init; }

    /// <summary>
    /// Penalties brought to the size of the basis, so that smoothing parameters are comparable: each is divided by
    /// <c>‖S‖₁ / ‖X‖∞²</c>. This decides what a fixed <c>sp</c> and the REML value mean.
    /// </summary>
    public Basis WithScaledPenalties()
    {
        var size = X.InfinityNorm();
        return this with { Penalties = [.. Penalties.Select(s => s.Scaled(size * size / s.OneNorm()))] };
    }
}
