using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>A smooth's position in the model matrix.</summary>
/// <param name="Smooth">The smooth; without its columns and penalties if it is absorbed.</param>
/// <param name="First">Its first coefficient; of an absorbed one, that of the next smooth.</param>
/// <param name="FirstPenalty">Its first penalty in the model's list.</param>
/// <param name="FirstPenalised">Its first penalised coordinate γ.</param>
/// <param name="Coordinates">Its coefficients' penalised and unpenalised coordinates; empty if it is absorbed.</param>
internal sealed record PlacedSmooth(Smooth Smooth, int First, int FirstPenalty, int FirstPenalised, PenaltyCoordinates Coordinates)
{
    /// <summary>Whether its coefficients are eliminated group by group (<see cref="AbsorbedEffect"/>).</summary>
    public bool IsAbsorbed { get; init; }

    /// <summary>The number of coefficients.</summary>
    public int Count => Smooth.X.Columns;

    /// <summary>The number of penalised coordinates among <see cref="GamDesign.PenalisedCount"/>; 0 if it is absorbed.</summary>
    public int PenalisedCount => Coordinates.Range.Columns;

    /// <summary>Whether several penalties act on the same functions.</summary>
    public bool HasOverlappingPenalties =>
        Smooth.Penalties.Count > 1
        && (
            Coordinates.Diagonals is not { } diagonals
            || Enumerable.Range(0, PenalisedCount).Any(i => diagonals.Count(diagonal => diagonal[i] > 0) > 1)
        );

    /// <summary>Whether all its functions are penalised: a random effect, a shrinkage or cyclic smooth.</summary>
    public bool IsWhollyPenalised => Smooth.NullDimension == 0 && Smooth.Penalties.Count > 0;
}
