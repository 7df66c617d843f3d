using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Partials;

/// <summary>The part of a block that a merge uses; overlapping parts come from blocks of other attempts.</summary>
/// <param name="Block">The block.</param>
/// <param name="Elements">The elements that count, within the block's.</param>
public readonly record struct CoveredSlice(PartialBlock Block, ElementRange Elements);
