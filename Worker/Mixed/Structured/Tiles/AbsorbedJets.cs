using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The eliminated random effects at one θ per lane. With r the residuals of least squares, F is E'V⁻¹E bordered by E'V⁻¹r and r'V⁻¹r: its
/// entries are jets, with derivatives in the parameters of the eliminated terms. A workspace of one thread.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
/// <param name="shared">The design.</param>
internal abstract class AbsorbedJets<TLanes>(SharedStructure shared)
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>The design.</summary>
    protected SharedStructure Shared { get; } = shared;

    /// <summary>Sums the coordinates of residuals in the groups.</summary>
    /// <param name="sums">The residuals of the lanes.</param>
    public abstract void Sum(ResidualSums<TLanes> sums);

    /// <summary>Computes F and ln |V|.</summary>
    /// <param name="theta">θ.</param>
    /// <param name="sums">The residuals of the lanes.</param>
    /// <param name="bordered">Receives F: entry e of its lower triangle at <c>[e * jets]</c>.</param>
    /// <param name="logarithm">Receives the jet of ln |V|.</param>
    public void Evaluate(TLanes[] theta, ResidualSums<TLanes> sums, TLanes[] bordered, TLanes[] logarithm)
    {
        var jets = Shared.Jets.Count;
        Array.Clear(bordered);
        Array.Clear(logarithm);
        for (var e = 0; e < Shared.Within.Length; e++)
            bordered[e * jets] = TLanes.Broadcast(Shared.Within[e]);
        for (var c = 0; c < Shared.Size; c++)
            bordered[(Shared.Within.Length + c) * jets] = sums.Within[c];
        bordered[(Shared.Within.Length + Shared.Size) * jets] = sums.WithinSquares;
        Add(theta, bordered, logarithm);
    }

    /// <summary>E'V⁻¹r, then r'V⁻¹r, at the points of the lattice.</summary>
    /// <param name="cross">Contains the parts within groups, value c of point i at <c>[c * points + i]</c>; receives the sums.</param>
    public abstract void CrossAtPoints(TLanes[] cross);

    /// <summary>Adds the groups' part of everything.</summary>
    protected abstract void Add(TLanes[] theta, TLanes[] bordered, TLanes[] logarithm);
}
