namespace HpcFit.Worker.Gam.Bases;

/// <summary>A covariate at the fitted rows: numbers, or a factor's codes.</summary>
/// <param name="Name">Its text in the formula.</param>
/// <param name="Values">The numbers; empty for a factor.</param>
/// <param name="Codes">0-based level of each row; null for numbers.</param>
/// <param name="Levels">The factor's levels.</param>
/// <param name="Ordered">Whether the factor is ordered.</param>
internal sealed record Covariate(
    string Name,
    double[] Values,
    int[]? Codes = null,
    IReadOnlyList<string>? Levels = null,
    bool Ordered = false
)
{
    /// <summary>The number of rows.</summary>
    public int Length => Codes?.Length ?? Values.Length;

    /// <summary>Whether all rows have the same number.</summary>
    public bool IsConstant => Codes is null && Array.TrueForAll(Values, value => value == Values[0]);
}

/// <summary>One margin of a tensor product.</summary>
/// <param name="Basis">The basis name (<c>cr</c>).</param>
/// <param name="Covariates">Indices of its variables among the smooth's.</param>
/// <param name="Size">k, or null: the default.</param>
/// <param name="Order">m, or null: the default.</param>
/// <param name="Fixed">Whether it is unpenalised.</param>
/// <param name="Centred">Whether it is constrained to sum to zero (<c>mc</c> of ti).</param>
internal sealed record MarginRequest(
    string Basis,
    IReadOnlyList<int> Covariates,
    int? Size,
    IReadOnlyList<double>? Order,
    bool Fixed,
    bool Centred
)
{
    /// <summary>The basis of an fs or sz smooth's curves, and of an adaptive smooth (<c>xt=list(bs="cr")</c>); null: the default.</summary>
    public string? Within { get; init; }

    /// <summary>k of the second variable of an adaptive smooth of two; null: that of the first one.</summary>
    public int? SizeOfSecond { get; init; }

    /// <summary>The largest number of distinct points from which a basis of radial functions is built; null: all.</summary>
    public int? MaxKnots { get; init; }
}

/// <summary>A smooth as specified in the formula, with the values of its covariates.</summary>
internal sealed record SmoothRequest
{
    /// <summary><c>s</c>, <c>te</c>, <c>ti</c> or <c>t2</c>.</summary>
    public required string Function { get; init; }

    /// <summary>The covariates in the order of the call.</summary>
    public required IReadOnlyList<Covariate> Covariates { get; init; }

    /// <summary>One margin for <c>s</c>; one or more for tensor products.</summary>
    public required IReadOnlyList<MarginRequest> Margins { get; init; }

    /// <summary>The <c>by</c> variable; null: none.</summary>
    public Covariate? By { get; init; }

    /// <summary>Knots by the covariate's name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Knots { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>Fixed smoothing parameters, negative to estimate; null: all estimated.</summary>
    public IReadOnlyList<double>? SmoothingParameters { get; init; }

    /// <summary>Whether margins are parameterised by their values at evenly spaced points (<c>np</c>).</summary>
    public bool Nodal { get; init; } = true;

    /// <summary>Whether t2 has separate penalties for the products with each unpenalised function of a margin (<c>full</c>).</summary>
    public bool SeparateNullFunctions { get; init; }

    /// <summary>
    /// The products of t2 that are kept, by how many of their margins are penalised (<c>ord</c>); null: all.
    /// </summary>
    public IReadOnlyList<int>? Orders { get; init; }

    /// <summary>The point at which the smooth is zero, one value per covariate (<c>pc</c>); null: none.</summary>
    public IReadOnlyList<double>? Point { get; init; }

    /// <summary>The term's <c>id</c>: smooths with the same one have the same smoothing parameters; null: its own.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// The values, one array per covariate, from which the basis is built when several terms have the same <see cref="Id"/>; null: those of
    /// <see cref="Covariates"/>.
    /// </summary>
    public double[][]? Pooled { get; init; }

    /// <summary>Whether a penalty on the null space is added (<c>select</c>).</summary>
    public bool Select { get; init; }

    /// <summary>mgcv's label without the <c>by</c> part: <c>te(Age,motion)</c>.</summary>
    public string Label => $"{Function}({string.Join(",", Covariates.Select(c => c.Name))})";
}
