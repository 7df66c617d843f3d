using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>
/// A criterion of a model whose last random effects are eliminated group by group: what the statistics of a fit need of it, in the
/// coordinates (u, γ) of the other columns.
/// </summary>
internal interface IEliminatedEffects
{
    /// <summary>The effects' degrees of freedom.</summary>
    double OwnDegrees { get; }

    /// <summary>Their alternative degrees of freedom, <c>tr(2F - FF)</c>.</summary>
    double OwnAlternativeDegrees { get; }

    /// <summary>Completes a fit: adds the unpenalised coordinates' change from least squares.</summary>
    void Finish(Span<double> free);

    /// <summary>Writes H⁻¹ x, of all coordinates.</summary>
    void SolveAll(ReadOnlySpan<double> x, Span<double> result);

    /// <summary><c>aᵀ H⁻¹ b</c>.</summary>
    double Form(ReadOnlySpan<double> a, ReadOnlySpan<double> b);

    /// <summary>The part of <c>H⁻¹ J H⁻¹</c> that passes through the effects.</summary>
    DenseMatrix Spread();

    /// <summary>The products of the columns with the effects' part of the response's covariance, <c>Xᵀ (V - I) X</c>.</summary>
    double Product(int i, int j);

    /// <summary>Σ over rows of the effects' part of the fitted values, after <see cref="Finish"/>.</summary>
    /// <param name="input">The element's projections and sums.</param>
    double SumOfEffects(ReadOnlySpan<double> input);
}
