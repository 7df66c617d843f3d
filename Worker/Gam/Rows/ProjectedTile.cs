using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Gam.Rows;

/// <summary>A tile of responses projected on the model's designs and its null model. A workspace; not thread-safe.</summary>
internal sealed class ProjectedTile
{
    private readonly RowsModel _model;
    private readonly TileKernel _kernel;
    private readonly double[][] _projections;
    private readonly double[][] _residualSquares;

    /// <summary>A workspace for tiles of the model's rows.</summary>
    public ProjectedTile(RowsModel model, TileKernel kernel)
    {
        (_model, _kernel) = (model, kernel);
        _projections =
        [
            .. model
                .Designs.Select(design => design.Dimension)
                .Append(NullModel.Dimension)
                .Select(columns => new double[columns * TileKernel.Width]),
        ];
        _residualSquares = [.. _projections.Select(_ => new double[TileKernel.Width])];
    }

    /// <summary>Projects a tile.</summary>
    public void Project(in ElementTile tile)
    {
        for (var d = 0; d < _model.Designs.Count; d++)
            Project(tile, _model.Designs[d].Projector, d);
        Project(tile, _model.Null!.Basis.Values, _model.Designs.Count);
    }

    /// <summary>Whether all of a lane's values are finite.</summary>
    public bool IsWhole(int lane) => double.IsFinite(_projections[0][lane]);

    /// <summary>Copies a lane's projections on a design and returns the residual sum of squares.</summary>
    public double Take(int design, int lane, Span<double> projections)
    {
        for (var j = 0; j < projections.Length; j++)
            projections[j] = _projections[design][(j * TileKernel.Width) + lane];
        return _residualSquares[design][lane];
    }

    /// <summary>The same for the null model.</summary>
    public double TakeNull(int lane, Span<double> projections) => Take(_model.Designs.Count, lane, projections);

    private void Project(in ElementTile tile, ReadOnlySpan<double> basis, int target)
    {
        var columns = _projections[target].Length / TileKernel.Width;
        _kernel.Project(tile, basis, columns, _projections[target]);
        _kernel.SumResidualSquares(tile, basis, columns, _projections[target], _residualSquares[target]);
    }
}
