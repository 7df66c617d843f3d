using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>
/// A family whose elements are the lanes of registers, with the definitions of <see cref="Family"/>. Masks are set where a statement holds.
/// Every function is evaluated in all lanes: in those where it is not defined its value has no meaning.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal interface IFamilyLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Whether the variance has a parameter α that is estimated.</summary>
    static abstract bool HasShape { get; }

    /// <summary>A response of the family, for rows that are not observed.</summary>
    static abstract double SomeResponse { get; }

    /// <summary>Whether the canonical link has this type: then dμ/dη = V(μ).</summary>
    static abstract bool IsCanonical<TLink>();

    /// <summary>A mask of the responses that belong to the family.</summary>
    /// <param name="responses">y.</param>
    /// <param name="weights">The prior weights.</param>
    /// <param name="isQuasi">Whether the family is a quasi family, whose responses need not be whole.</param>
    static abstract TLanes Accepts(TLanes responses, TLanes weights, bool isQuasi);

    /// <summary>The means from which R's iterations start.</summary>
    static abstract TLanes StartingMean(TLanes responses, TLanes weights);

    /// <summary>A mask of the means that belong to the family.</summary>
    static abstract TLanes IsValidMean(TLanes means);

    /// <summary>V(μ).</summary>
    /// <param name="means">μ.</param>
    /// <param name="alpha">α.</param>
    static abstract TLanes Variance(TLanes means, TLanes alpha);

    /// <summary>The deviance of one response of weight 1.</summary>
    static abstract TLanes UnitDeviance(TLanes responses, TLanes means, TLanes alpha);

    /// <summary>
    /// The distance of means from the limits at which predictors are infinite: of a probability from 0 and 1, of a count from 0, relative
    /// to the largest response; 1 for families without such limits.
    /// </summary>
    static abstract TLanes DistanceFromLimit(TLanes means, TLanes largest);
}
