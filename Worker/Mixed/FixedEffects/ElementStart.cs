using HpcFit.Shared.Elements;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>
/// Where the fit of an element begins: its rows, and least squares without random effects on their basis. Elements with the same rows share
/// tables where no scalar is a predictor, which changes no bit. A workspace of one thread.
/// </summary>
/// <typeparam name="TTables">The tables of an engine.</typeparam>
/// <typeparam name="TTiles">Its fits of tiles.</typeparam>
internal sealed class ElementStart<TTables, TTiles>
    where TTables : class, IMixedTables
    where TTiles : class
{
    /// <summary>Residual sums of squares this small relative to Σ w y² are rounding errors of an exact fit.</summary>
    private const double Exact = 1e-24;

    private readonly ElementRows<RowsWithTiles<TTables, TTiles>> _rows;

    /// <summary>A workspace.</summary>
    /// <param name="design">The model.</param>
    /// <param name="subjects">The number of subjects in the cohort.</param>
    /// <param name="threshold">An element is fitted when more subjects of the subset than this are finite.</param>
    /// <param name="rebuildsOnRows">Whether tables depend on rows without a response.</param>
    /// <param name="bytes">The size of the tables of one pattern of missing subjects.</param>
    /// <param name="create">Allocates tables.</param>
    public ElementStart(ModelDesign design, int subjects, double threshold, bool rebuildsOnRows, long bytes, Func<TTables> create)
    {
        _rows = new(design, subjects, threshold, rebuildsOnRows, bytes, () => new(create()));
        Residuals = new double[subjects];
    }

    /// <summary>The tables of the last element.</summary>
    public TTables Tables => _rows.Tables.Tables;

    /// <summary>The transformed response of the last element, by the cohort's rows.</summary>
    public ReadOnlySpan<double> Response => _rows.Response;

    /// <summary>The residuals, one value per row.</summary>
    public double[] Residuals { get; }

    /// <summary>Loads one element of a block.</summary>
    /// <returns>Why it cannot be fitted, which depends on the rows that are observed; null: its tables are complete.</returns>
    public ElementStatus? Load(in ScalarBlock block, int element) =>
        _rows.Load(block, element) is { } problem ? problem
        : Tables.Rows <= Tables.Rank ? ElementStatus.NoResidualDegreesOfFreedom
        : Tables.LacksGroups ? ElementStatus.NoGroupVariance
        : null;

    /// <summary>Least squares without random effects.</summary>
    /// <param name="coordinates">Receives the coordinates of the fixed effects on Q.</param>
    /// <returns>Why the element cannot be fitted; null: coordinates and residuals are set.</returns>
    public ElementStatus? Fit(Span<double> coordinates)
    {
        coordinates = coordinates[..Tables.Rank];
        if (!OrdinaryLeastSquares.Fit(Tables, _rows.Response, coordinates, Residuals, out var total, out var residual))
            return ElementStatus.InvalidValue;
        return residual <= Exact * total ? ElementStatus.ConstantResponse : null;
    }

    /// <inheritdoc cref="RowsWithTiles{TTables, TTiles}.Tiles"/>
    public TTiles? Tiles(Func<TTables, TTiles?> create) => _rows.Tables.Tiles(create);
}
