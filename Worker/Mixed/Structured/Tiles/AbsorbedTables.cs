using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The random effects that are eliminated before the dense block is formed: what all elements share. Together with residuals they have the
/// covariance V, times that of residuals.
/// </summary>
internal abstract class AbsorbedTables
{
    /// <summary>Their sums and derivatives for elements at one register width.</summary>
    public abstract AbsorbedJets<TLanes> CreateJets<TLanes>(SharedStructure shared, StartLattice lattice)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>What evaluations at one point of the lattice share.</summary>
    /// <param name="shared">The design.</param>
    /// <param name="theta">The point.</param>
    /// <param name="information">Receives E'V⁻¹E, the lower triangle by rows.</param>
    /// <param name="point">Receives what depends on the point alone, for <see cref="AbsorbedJets{TLanes}.CrossAtPoints"/>.</param>
    /// <returns>ln |V|.</returns>
    public abstract double Tabulate(SharedStructure shared, ReadOnlySpan<double> theta, Span<double> information, out double[] point);
}
