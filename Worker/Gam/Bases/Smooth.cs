using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>A smooth ready for the model matrix: constrained, multiplied by its <c>by</c> variable, with its penalties.</summary>
internal sealed record Smooth
{
    /// <summary>mgcv's label: <c>s(Age):sexM</c>.</summary>
    public required string Label { get; init; }

    /// <summary>The covariates' names.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>The <c>by</c> variable's name and level: <c>sexM</c>; null: none.</summary>
    public string? By { get; init; }

    /// <summary>The columns: rows × coefficients.</summary>
    public required DenseMatrix X { get; init; }

    /// <summary>The columns before centring, which mgcv's ML uses for t2; null: not centred.</summary>
    public DenseMatrix? Uncentred { get; init; }

    /// <summary>The penalties of these coefficients.</summary>
    public required IReadOnlyList<DenseMatrix> Penalties { get; init; }

    /// <summary>Fixed smoothing parameters, one per penalty; negative: estimated.</summary>
    public required IReadOnlyList<double> SmoothingParameters { get; init; }

    /// <summary>Smooths with the same name have the same smoothing parameters (<c>id</c>); null: its own.</summary>
    public string? Id { get; init; }

    /// <summary>The number of unpenalised functions.</summary>
    public required int NullDimension { get; init; }

    /// <summary>
    /// The columns at other covariate values, with a factor or numeric <c>by</c> of 1, factors among them by their
    /// codes; null for random effects.
    /// </summary>
    public Func<double[][], DenseMatrix>? At { get; init; }

    /// <summary>The derivatives of the columns of a smooth of one variable, likewise; null for all others.</summary>
    public Func<double[][], DenseMatrix>? SlopeAt { get; init; }

    /// <summary>Whether it is a random effect: tested as in Wood 2013 (random effects) and never constrained.</summary>
    public bool IsRandomEffect { get; init; }

    /// <summary>Whether side conditions make it independent of smooths of the same variables (<see cref="SideConditions"/>).</summary>
    public bool TakesSideConditions { get; init; } = true;

    /// <summary>The columns retained by side conditions; null: all.</summary>
    public IReadOnlyList<int>? KeptColumns { get; init; }
}
