namespace HpcFit.Worker.Gam.Criteria;

/// <summary>What random effects that are eliminated group by group need of an element's response.</summary>
internal interface IEffectSums
{
    /// <summary>Appends the sums to an element's projections.</summary>
    /// <param name="values">√w (y - offset), one per row.</param>
    /// <param name="input">The projections on Q, then the places of the sums.</param>
    void Append(ReadOnlySpan<double> values, Span<double> input);
}
