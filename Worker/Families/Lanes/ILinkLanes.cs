using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Families.Lanes;

/// <summary>
/// A link whose elements are the lanes of registers, with the definitions of <see cref="Link"/>. Every function is evaluated in all lanes:
/// in those where it is not defined its value has no meaning.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal interface ILinkLanes<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>As <see cref="Link.IsUnitFree"/>.</summary>
    static abstract bool IsUnitFree { get; }

    /// <summary>g(μ).</summary>
    static abstract TLanes Apply(TLanes means);

    /// <summary>μ and dμ/dη.</summary>
    static abstract (TLanes Means, TLanes Slopes) Invert(TLanes predictors);

    /// <summary>A mask of the predictors that some mean has.</summary>
    static abstract TLanes IsValid(TLanes predictors);
}
