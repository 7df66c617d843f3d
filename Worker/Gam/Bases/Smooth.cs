using HpcFit.Worker.Gam.Algebra;

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

    /// <summary>The columns before they were centred, which is how ML sees those of t2 in mgcv; null: they are as they were.</summary>
    public DenseMatrix? Uncentred { get; init; }

    /// <summary>The penalties, on these coefficients.</summary>
    public required IReadOnlyList<DenseMatrix> Penalties { get; init; }

    /// <summary>Fixed smoothing parameters, one a penalty; negative: estimated.</summary>
    public required IReadOnlyList<double> SmoothingParameters { get; init; }

    /// <summary>How many functions are not penalised.</summary>
    public required int NullDimension { get; init; }

    /// <summary>
    /// The columns at other covariate values, a factor or number <c>by</c> being 1; null where there is no such thing (random effects).
    /// </summary>
    public Func<double[][], DenseMatrix>? At { get; init; }

    /// <summary>A random effect: tested as Wood 2013 (random effects) and never constrained.</summary>
    public bool IsRandomEffect { get; init; }

    /// <summary>Whether smooths of the same variables are made independent of each other (<see cref="SideConditions"/>).</summary>
    public bool TakesSideConditions { get; init; } = true;

    /// <summary>The columns that side conditions left; null: all.</summary>
    public IReadOnlyList<int>? KeptColumns { get; init; }
}
