using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed;

/// <summary>Kenward and Roger's method for a random intercept. A reused workspace.</summary>
/// <remarks>
/// All sums are over classes of groups of equal mass m, with v = 1 / (1 + t m), in the coordinates on Q and units of the residual variance.
/// </remarks>
/// <param name="columns">The maximum rank.</param>
internal sealed class KenwardRoger(int columns)
{
    private const int Groups = 0;
    private const int Residuals = 1;

    private readonly KenwardRogerCovariance _covariance = new(columns, 2);

    /// <summary>The adjusted covariance of the coordinates over the residual variance, rank × rank, row-major.</summary>
    public ReadOnlySpan<double> Adjusted => _covariance.Adjusted;

    /// <summary>Computes what does not depend on the tests.</summary>
    public void Prepare(MixedSolution fit)
    {
        var tables = fit.Tables;
        var (rank, size) = (tables.Rank, tables.Rank * tables.Rank);
        var ofGroups = _covariance.Slope(Groups, rank);
        var ofResiduals = _covariance.Slope(Residuals, rank);
        var bothGroups = _covariance.Product(Groups, Groups, rank);
        var bothResiduals = _covariance.Product(Residuals, Residuals, rank);
        var mixed = _covariance.Product(Groups, Residuals, rank);
        double gg = 0,
            ge = 0,
            ee = tables.Rows - tables.Groups;
        ofGroups.Clear();
        bothGroups.Clear();
        mixed.Clear();
        tables.Within.AsSpan(0, size).CopyTo(ofResiduals);
        tables.Within.AsSpan(0, size).CopyTo(bothResiduals);
        for (var k = 0; k < tables.Classes; k++)
        {
            var (mass, count) = (tables.Mass[k], tables.Count[k]);
            var v = 1 / (1 + (fit.Ratio * mass));
            gg += count * mass * v * mass * v;
            ge += count * mass * v * v;
            ee += count * v * v;
            for (var i = 0; i < size; i++)
            {
                var product = tables.Products[(k * size) + i];
                ofGroups[i] += v * v * product;
                ofResiduals[i] += v * v / mass * product;
                bothGroups[i] += mass * v * v * v * product;
                mixed[i] += v * v * v * product;
                bothResiduals[i] += v * v * v / mass * product;
            }
        }
        mixed.CopyTo(_covariance.Product(Residuals, Groups, rank));
        var traces = _covariance.Traces;
        (traces[Groups, Groups], traces[Residuals, Residuals]) = (gg, ee);
        traces[Groups, Residuals] = traces[Residuals, Groups] = ge;
        _covariance.Prepare(rank, fit.Inverse);
    }

    /// <summary>The degrees of freedom of a combination of the coordinates.</summary>
    public double Degrees(MixedSolution fit, ReadOnlySpan<double> functional) =>
        _covariance.Approximate(fit.Inverse, functional, 1).Degrees;

    /// <inheritdoc cref="KenwardRogerCovariance.Test"/>
    public (double F, double Degrees) Test(MixedSolution fit, ReadOnlySpan<double> functionals, Span<double> estimates) =>
        _covariance.Test(fit.Inverse, functionals, estimates);
}
