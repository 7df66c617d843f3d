namespace HpcFit.Worker.Formulas;

/// <summary>Options of a design besides its formula.</summary>
internal sealed record DesignOptions
{
    /// <summary>Contrast functions by variable, as <c>--contrasts site=contr.sum</c> gives them.</summary>
    public IReadOnlyDictionary<string, string> Contrasts { get; init; } = new Dictionary<string, string>();

    /// <summary>The cohort column of prior weights, or null.</summary>
    public string? WeightsColumn { get; init; }

    /// <summary>The condition that selects subjects (<see cref="CohortSubset"/>), or null: all.</summary>
    public string? Subset { get; init; }
}
