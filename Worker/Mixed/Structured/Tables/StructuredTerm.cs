using HpcFit.Worker.Mixed.Terms;

namespace HpcFit.Worker.Mixed.Structured.Tables;

/// <summary>A random term with its place in the computation.</summary>
/// <param name="Term">The term.</param>
/// <param name="Factor">The index of its grouping factor.</param>
/// <param name="Covariates">Its effects at every subject.</param>
/// <param name="IsAbsorbed">Whether its factor is eliminated group by group; otherwise its effects are columns of the dense block.</param>
/// <param name="Start">The first of its effects within the absorbed ones, or its first column of the dense block.</param>
/// <param name="FirstParameter">The index of its first parameter.</param>
internal sealed record StructuredTerm(
    RandomTerm Term,
    int Factor,
    RandomCovariates Covariates,
    bool IsAbsorbed,
    int Start,
    int FirstParameter
)
{
    /// <summary>The names of the effects.</summary>
    public string[] EffectNames { get; } = [.. Term.Effects];

    /// <summary>The number of effects per group.</summary>
    public int Effects => Covariates.Effects;

    /// <summary>The number of parameters.</summary>
    public int Parameters => Effects * (Effects + 1) / 2;

    /// <summary>Whether another term, of another factor, has one of its effects.</summary>
    public bool SharesEffect(StructuredTerm other)
    {
        foreach (var effect in EffectNames)
            if (other.EffectNames.AsSpan().Contains(effect))
                return true;
        return false;
    }
}
