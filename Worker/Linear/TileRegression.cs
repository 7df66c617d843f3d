using System.Runtime.Intrinsics;
using HpcFit.Shared.Elements;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Least squares for tiles of elements on the design of the whole cohort: responses are projected on its orthonormal basis Q, with elements
/// as lanes. Missing subjects are removed from the Gram matrix Q'Q, whose Cholesky factor then stays close to the identity.
/// <see cref="ElementRegression"/> fits the elements where it does not, whose rank could have changed, or whose response is fitted exactly
/// (their estimates are rounding noise, which only a QR reproduces as in R). The choice depends on an element's own values only. A
/// workspace of one thread; allocates nothing per element.
/// </summary>
/// <remarks>
/// Removing rows from an orthogonal factorisation: Golub and Van Loan, Matrix Computations, section 6.5. Squared pivots of at least 1/64
/// bound the condition of the observed rows by that of the Cholesky factor, and with twice R's tolerance rounding cannot affect the rank.
/// </remarks>
internal sealed class TileRegression
{
    /// <summary>Relative to the squares of the response: residuals of a few units in the last place of double.</summary>
    private const double Rounding = 1e-27;

    private const double SmallestPivot = 1.0 / 64;
    private const double SafeTolerance = 2 * PivotedQr.Tolerance;

    private readonly LinearEngine _engine;
    private readonly WholeCohortDesign _design;
    private readonly TileKernel _kernel;
    private readonly ElementRegression _byElement;
    private readonly ResponseTile _responses;
    private readonly HypothesisTile _hypotheses;
    private readonly RobustTile? _robust;
    private readonly bool _canRemoveRows;
    private readonly bool _wholeMeansAllSubjects;
    private readonly bool _canStoreTiles;
    private readonly double[] _projections;
    private readonly double[] _onObservedRows;
    private readonly double[] _solutions;
    private readonly double[] _gram;
    private readonly double[] _variances;
    private readonly double[] _residualSquares = new double[TileKernel.Width];
    private readonly double[] _missing = new double[TileKernel.Width];
    private readonly double[] _pivots = new double[TileKernel.Width];
    private readonly double[] _tolerances = new double[TileKernel.Width];

    public TileRegression(LinearEngine engine, WholeCohortDesign design, TileKernel kernel, ElementRegression byElement)
    {
        (_engine, _design, _kernel, _byElement) = (engine, design, kernel, byElement);
        _responses = new(design);
        _hypotheses = new(design);
        _robust = design.Robust is { } robust ? new(design, robust) : null;
        _canRemoveRows = _robust is null && design.IsFullRank && design.Offset is null && !engine.Design.RebuildsOnRows;
        _wholeMeansAllSubjects = engine.Design.RebuildsOnRows && design.Rows.Length < engine.Subjects;
        _canStoreTiles = !_wholeMeansAllSubjects && design.Rows.Length > Math.Max(engine.Threshold, design.Rank);
        var rank = design.Rank;
        _projections = new double[rank * TileKernel.Width];
        _onObservedRows = new double[rank * TileKernel.Width];
        _solutions = new double[rank * TileKernel.Width];
        _variances = new double[rank * TileKernel.Width];
        _gram = new double[rank * (rank + 1) / 2 * TileKernel.Width];
    }

    /// <summary>Fits every element of a block.</summary>
    public void Fit(in ScalarBlock block, LinearFits fits)
    {
        _responses.Start(block.Scalars.Span[0], block.SubjectRows[0]);
        for (var first = 0; first < block.Count; first += TileKernel.Width)
        {
            var lanes = Math.Min(TileKernel.Width, block.Count - first);
            var tile = _responses.At(first, lanes);
            if (FitWhole(tile, first, lanes, block, fits))
                FitWithMissing(tile, first, lanes, block, fits);
        }
    }

    /// <summary>Fits the lanes without missing subjects; returns whether there are others.</summary>
    private bool FitWhole(in ElementTile tile, int first, int lanes, in ScalarBlock block, LinearFits fits)
    {
        var rank = _design.Rank;
        _kernel.Project(tile, _design.Basis, rank, _projections);
        _kernel.SumResidualSquares(tile, _design.Basis, rank, _projections, _residualSquares);
        _kernel.BackSubstitute(_design.Upper, rank, _projections, _solutions);
        _hypotheses.OnAllRows(_projections);
        _robust?.OnAllRows(tile, _projections);
        if (_canStoreTiles && lanes == TileKernel.Width && TryStoreTile(first, fits))
            return false;
        var others = false;
        for (var lane = 0; lane < lanes; lane++)
        {
            if (!double.IsFinite(_projections[lane]))
                others = true;
            else if (_wholeMeansAllSubjects && _responses.CountFinite(first + lane) < _engine.Subjects)
                _byElement.Fit(block, first + lane, fits);
            else if (IsEnough(_design.Rows.Length, first + lane, fits))
            {
                fits.LogWeights[first + lane] = _design.SumOfLogWeights;
                var isExact = Store(lane, first + lane, _design.Rows.Length, _projections, fits);
                for (var k = 0; k < rank; k++)
                    fits.Variances(_design.Pivots[k])[first + lane] = _design.Variances[k];
                _hypotheses.Store(lane, first + lane, fits.Tests);
                _robust?.Store(lane, first + lane, _projections, fits.Tests);
                if (isExact)
                    _byElement.Fit(block, first + lane, fits);
            }
        }
        return others;
    }

    private void FitWithMissing(in ElementTile tile, int first, int lanes, in ScalarBlock block, LinearFits fits)
    {
        if (_canRemoveRows)
            SolveOnObservedRows(tile);
        for (var lane = 0; lane < lanes; lane++)
        {
            if (double.IsFinite(_projections[lane]))
                continue;
            var rows = _design.Rows.Length - (int)_missing[lane];
            if (!_canRemoveRows || !(_pivots[lane] >= SmallestPivot && _tolerances[lane] >= SafeTolerance))
                _byElement.Fit(block, first + lane, fits);
            else if (IsEnough(rows, first + lane, fits))
            {
                fits.LogWeights[first + lane] = _responses.SumOfLogWeights(first + lane);
                var isExact = Store(lane, first + lane, rows, _onObservedRows, fits);
                for (var k = 0; k < _design.Rank; k++)
                    fits.Variances(_design.Pivots[k])[first + lane] = _variances[(k * TileKernel.Width) + lane];
                _hypotheses.Store(lane, first + lane, fits.Tests);
                if (isExact)
                    _byElement.Fit(block, first + lane, fits);
            }
        }
    }

    private void SolveOnObservedRows(in ElementTile tile)
    {
        var rank = _design.Rank;
        _kernel.ProjectFinite(tile, _design.Basis, rank, _onObservedRows);
        _kernel.SumMissingGram(tile, _design.Basis, rank, _gram, _missing);
        _kernel.SolveOnObservedRows(_design.Upper, rank, _gram, _onObservedRows, _solutions, _variances, _pivots, _tolerances);
        _kernel.SumFiniteResidualSquares(tile, _design.Basis, rank, _solutions, _residualSquares);
        _kernel.BackSubstitute(_design.Upper, rank, _solutions, _solutions);
        _hypotheses.OnObservedRows(_gram, _onObservedRows);
    }

    /// <summary>
    /// Whether more subjects are finite than the thresholds require. Those without phenotypes count too, and are counted only if needed.
    /// </summary>
    private bool IsEnough(int rows, int element, LinearFits fits)
    {
        if (rows > _engine.Threshold || _responses.CountFinite(element, _engine.Design.Subset.Rows) > _engine.Threshold)
            return true;
        fits.Status[element] = ElementStatus.TooFewSubjects;
        return false;
    }

    /// <summary>
    /// Does what <see cref="Store"/> does for a whole tile, in registers. Returns false when a lane has a missing subject, or may be
    /// constant or fitted exactly: then each lane has to be examined, and is stored again.
    /// </summary>
    private bool TryStoreTile(int first, LinearFits fits)
    {
        var rank = _design.Rank;
        var firstOfModel = _engine.Design.HasIntercept ? 1 : 0;
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
        {
            var (model, total) = (Vector512.Create(_design.OffsetOutsideSquares), Vector512<double>.Zero);
            for (var k = 0; k < rank; k++)
            {
                var u = Vector512.Create(_projections.AsSpan((k * TileKernel.Width) + lane));
                total += u * u;
                u += Vector512.Create(_design.OffsetProjections[k]);
                if (k >= firstOfModel)
                    model += u * u;
            }
            var residual = Vector512.Create(_residualSquares.AsSpan(lane));
            if (!Vector512.GreaterThanAll(residual, (total + residual) * Vector512.Create(ElementRegression.PossiblyConstant)))
                return false;
            residual.CopyTo(fits.ResidualSquares.AsSpan(first + lane));
            model.CopyTo(fits.ModelSquares.AsSpan(first + lane));
        }
        for (var k = 0; k < rank; k++)
        {
            _solutions.AsSpan(k * TileKernel.Width, TileKernel.Width).CopyTo(fits.Estimates(_design.Pivots[k])[first..]);
            fits.Variances(_design.Pivots[k]).Slice(first, TileKernel.Width).Fill(_design.Variances[k]);
        }
        _hypotheses.StoreTile(first, fits.Tests);
        for (var lane = 0; _robust is not null && lane < TileKernel.Width; lane++)
            _robust.Store(lane, first + lane, _projections, fits.Tests);
        fits.Rows.AsSpan(first, TileKernel.Width).Fill(_design.Rows.Length);
        fits.Rank.AsSpan(first, TileKernel.Width).Fill(rank);
        fits.LogWeights.AsSpan(first, TileKernel.Width).Fill(_design.SumOfLogWeights);
        fits.Status.AsSpan(first, TileKernel.Width).Clear(); // Fitted
        return true;
    }

    /// <summary>Stores a lane's fit, except its variances; returns whether its residuals are rounding noise.</summary>
    private bool Store(int lane, int element, int rows, double[] projections, LinearFits fits)
    {
        var rank = _design.Rank;
        var first = _engine.Design.HasIntercept ? 1 : 0;
        double model = _design.OffsetOutsideSquares,
            total = 0;
        for (var k = 0; k < rank; k++)
        {
            var u = projections[(k * TileKernel.Width) + lane];
            total += u * u;
            u += _design.OffsetProjections[k];
            if (k >= first)
                model += u * u;
            fits.Estimates(_design.Pivots[k])[element] = _solutions[(k * TileKernel.Width) + lane];
        }
        var residual = rows == rank ? 0 : _residualSquares[lane];
        fits.Rows[element] = rows;
        fits.Rank[element] = rank;
        fits.ResidualSquares[element] = residual;
        fits.ModelSquares[element] = model;
        fits.Status[element] =
            rows == rank ? ElementStatus.NoResidualDegreesOfFreedom
            : residual <= ElementRegression.PossiblyConstant * (total + residual) && _responses.IsConstant(element)
                ? ElementStatus.ConstantResponse
            : ElementStatus.Fitted;
        return rows > rank && residual <= Rounding * (total + residual);
    }
}
