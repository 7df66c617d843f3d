using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The residuals of <see cref="TileKernel.Width"/> elements on the nuisance part that is common to all hypotheses, and what the hypotheses
/// need of them. A view of a <see cref="ResidualTiles"/>.
/// </summary>
internal readonly ref struct ResidualTile
{
    private readonly ReadOnlySpan<double> _nuisances;
    private readonly ReadOnlySpan<double> _squares;
    private readonly int _varying;

    public ResidualTile(
        ReadOnlySpan<double> residuals,
        ReadOnlySpan<double> nuisances,
        ReadOnlySpan<double> squares,
        ReadOnlySpan<double> ofAll,
        int varying
    )
    {
        Residuals = residuals;
        AllSquares = ofAll[..TileKernel.Width];
        ModelSquares = ofAll[TileKernel.Width..];
        _nuisances = nuisances;
        _squares = squares;
        _varying = varying;
    }

    /// <summary>The residuals, rows × <see cref="TileKernel.Width"/>; 0 at elements that are not tested.</summary>
    public ReadOnlySpan<double> Residuals { get; }

    /// <summary>
    /// The squares of the responses from which <see cref="Residuals"/> were computed, without a common constant; one per element.
    /// </summary>
    public ReadOnlySpan<double> AllSquares { get; }

    /// <summary>The squares of the residuals on the whole model, one per element.</summary>
    public ReadOnlySpan<double> ModelSquares { get; }

    /// <summary>
    /// The coordinates of the projection on a hypothesis' nuisance part, in the columns in which hypotheses differ.
    /// </summary>
    public ReadOnlySpan<double> Nuisance(int hypothesis) =>
        _nuisances.Slice(hypothesis * _varying * TileKernel.Width, _varying * TileKernel.Width);

    /// <summary>
    /// The squares of the residuals on a hypothesis' nuisance part, one per element; NaN where its statistic would be rounding noise.
    /// </summary>
    public ReadOnlySpan<double> Squares(int hypothesis) => _squares.Slice(hypothesis * TileKernel.Width, TileKernel.Width);
}
