using HpcFit.Worker.Algebra;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured.Profile;
using HpcFit.Worker.Mixed.Structured.Tables;
using HpcFit.Worker.Mixed.Structured.Tiles;

namespace HpcFit.Worker.Mixed.Structured;

/// <summary>
/// The fit of one element at the minimum of its criterion: what estimates, standard errors and tests are computed from. A reused workspace
/// of one thread.
/// </summary>
internal sealed class StructuredSolution
{
    private readonly double[] _theta;
    private readonly double[] _columns;
    private readonly int _dense;

    /// <summary>A workspace.</summary>
    /// <param name="structure">The random terms.</param>
    /// <param name="columns">The number of columns of the model matrix.</param>
    public StructuredSolution(RandomStructure structure, int columns)
    {
        var parameters = structure.Parameters.Count;
        _dense = structure.DenseColumns;
        (_theta, _columns) = (new double[parameters], new double[columns * (columns + _dense)]);
        Factors = new(structure);
        Coordinates = new double[columns];
        (SquareSlopes, SigmaHessian) = (new double[parameters], new double[parameters * parameters]);
        Covariance = new double[columns * columns];
        CovarianceSlopes = [.. structure.Parameters.Select(_ => new double[columns * columns])];
    }

    /// <summary>The rows.</summary>
    public StructuredDesign Tables { get; private set; } = null!;

    /// <summary>θ.</summary>
    public ReadOnlySpan<double> Theta => _theta;

    /// <summary>The relative factors of the terms.</summary>
    public RelativeFactors Factors { get; }

    /// <summary>The criterion: -2 log L, restricted or not.</summary>
    public double Criterion { get; private set; }

    /// <summary>The generalised residual sum of squares.</summary>
    public double Squares { get; private set; }

    /// <summary>Its divisor in the residual variance.</summary>
    public int Degrees { get; private set; }

    /// <summary>The coordinates of the fixed effects on Q.</summary>
    public double[] Coordinates { get; }

    /// <summary>The gradient of <see cref="Squares"/> in θ.</summary>
    public double[] SquareSlopes { get; }

    /// <summary>The Hessian in θ of -2 log L as a function of θ and σ, parameters × parameters.</summary>
    public double[] SigmaHessian { get; }

    /// <summary>The covariance matrix of the coordinates over the residual variance, rank × rank.</summary>
    public double[] Covariance { get; }

    /// <summary>Its derivatives in θ.</summary>
    public double[][] CovarianceSlopes { get; }

    /// <summary>Copies the fit of an element that was fitted on its own.</summary>
    /// <param name="tables">Its rows.</param>
    /// <param name="profile">Its profile at the minimum.</param>
    /// <param name="coordinates">Its coordinates.</param>
    public void Load(StructuredDesign tables, StructuredProfile profile, ReadOnlySpan<double> coordinates)
    {
        profile.Theta.CopyTo(_theta);
        Load(tables, _theta, profile.Criterion, profile.Squares, profile.Degrees);
        coordinates[..tables.Rank].CopyTo(Coordinates);
        profile.SquareSlopes.CopyTo(SquareSlopes);
        profile.SigmaHessian.CopyTo(SigmaHessian, 0);
        var (rank, size) = (tables.Rank, tables.Size);
        for (var a = 0; a < rank; a++)
        {
            var column = _columns.AsSpan(a * size, size);
            column.Clear();
            column[_dense + a] = 1;
            Cholesky.SolveLower(profile.Factor, size, column);
            Cholesky.SolveUpper(profile.Factor, size, column);
            column.Slice(_dense, rank).CopyTo(Covariance.AsSpan(a * rank));
        }
        for (var k = 0; k < SquareSlopes.Length; k++)
        {
            var slope = profile.InformationSlope(k);
            var target = CovarianceSlopes[k].AsSpan(0, rank * rank);
            target.Clear();
            for (var i = 0; i < size; i++)
            for (var a = 0; a < rank; a++)
            {
                var image = FixedOrder.Dot(_columns.AsSpan(a * size, size), slope.Slice(i * size, size));
                for (var b = 0; b < rank; b++)
                    target[(b * rank) + a] -= image * _columns[(b * size) + i];
            }
        }
    }

    /// <summary>Copies the fit of a lane.</summary>
    /// <param name="tables">The rows.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="degrees">The divisor of the squares.</param>
    public void Load(StructuredDesign tables, StructuredTile tile, int lane, int degrees)
    {
        const int Width = TileKernel.Width;
        for (var k = 0; k < _theta.Length; k++)
            (_theta[k], SquareSlopes[k]) = (tile.Theta[(k * Width) + lane], tile.SquareSlopes[(k * Width) + lane]);
        Load(tables, _theta, tile.Criterion[lane], tile.Squares[lane], degrees);
        for (var c = 0; c < tables.Rank; c++)
            Coordinates[c] = tile.Coordinates[(c * Width) + lane];
        Unpack(tile.SigmaHessian, 0, _theta.Length, lane, SigmaHessian);
        Unpack(tile.Covariance, 0, tables.Rank, lane, Covariance);
        for (var k = 0; k < _theta.Length; k++)
            Unpack(tile.CovarianceSlopes, k * SharedStructure.Entries(tables.Rank), tables.Rank, lane, CovarianceSlopes[k]);
    }

    private void Load(StructuredDesign tables, ReadOnlySpan<double> theta, double criterion, double squares, int degrees)
    {
        (Tables, Criterion, Squares, Degrees) = (tables, criterion, squares, degrees);
        Factors.Set(theta);
    }

    private static void Unpack(double[] source, int first, int size, int lane, double[] target)
    {
        for (int i = 0, e = (first * TileKernel.Width) + lane; i < size; i++)
        for (var j = 0; j <= i; j++, e += TileKernel.Width)
            target[(i * size) + j] = target[(j * size) + i] = source[e];
    }
}
