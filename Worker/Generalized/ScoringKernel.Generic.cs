using HpcFit.Worker.Families.Lanes;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Generalized;

/// <summary>The kernel of one register, family and link: what happens between the passes over the rows.</summary>
/// <remarks>
/// <para>
/// Every pass evaluates the weights and scores at the current coordinates of all lanes, from which the next step follows. A lane ends at a
/// pass in which the step is at most <see cref="Precision"/>. Only passes in which some lane is expected to end, from the last two steps,
/// also sum deviances; a lane does not end at a pass that other lanes asked for.
/// </para>
/// <para>
/// Every step is a whole one. Where R or the fit by elements halves a step, the iterations usually end outside the valid means, or do not
/// end, and the lane is not fitted here.
/// </para>
/// </remarks>
/// <typeparam name="TLanes">The register.</typeparam>
/// <typeparam name="TFamily">The family.</typeparam>
/// <typeparam name="TLink">The link.</typeparam>
internal sealed partial class ScoringKernel<TLanes, TFamily, TLink> : ScoringKernel
    where TLanes : struct, ILanes<TLanes>
    where TFamily : struct, IFamilyLanes<TLanes>
    where TLink : struct, ILinkLanes<TLanes>
{
    private const int Width = TileKernel.Width;
    private const int MaxPasses = 25;

    /// <summary>The largest step of a lane that ends: the root of the mean square of changes of predictors, relative.</summary>
    private const double Precision = 1e-10;

    /// <summary>Squared pivots below this, relative to their diagonal, are left to the QR factorisation.</summary>
    private const double SmallestPivot = 1e-7;

    /// <summary>The same of the observed rows' share of the basis, as in lm.</summary>
    private const double SmallestObservedPivot = 1.0 / 64;

    /// <summary>Fitted means this near to a limit are examined element by element: they could be those of separated responses.</summary>
    private const double NearLimit = 1e-5;

    /// <summary>Relative Pearson residuals below this could be those of an exact fit.</summary>
    private const double NearlyExact = 1e-16;

    private readonly SharedRows _rows;
    private readonly bool _isQuasi;
    private readonly int _count;
    private readonly int _rank;
    private readonly LaneArray<TLanes> _responses;
    private readonly LaneArray<TLanes> _present;
    private readonly TLanes[] _coordinates;
    private readonly TLanes[] _step;
    private readonly TLanes[] _projections;
    private readonly TLanes[] _gram;
    private bool _hasMissing;
    private TLanes _observed; // rows
    private TLanes _priorWeights; // Σ w
    private TLanes _largest; // response

    public ScoringKernel(SharedRows rows, bool isQuasi)
    {
        (_rows, _isQuasi, _count, _rank) = (rows, isQuasi, rows.Tables.Rows, rows.Tables.Rank);
        (_responses, _present) = (new(_count), new(_count));
        (_coordinates, _step, _projections) = (new TLanes[_rank], new TLanes[_rank], new TLanes[_rank]);
        _gram = new TLanes[_rank * (_rank + 1) / 2];
    }

    private static TLanes All => TLanes.LessThanOrEqual(default, default);

    /// <inheritdoc/>
    public override void Fit(in ElementTile responses, ScoringTile tile)
    {
        Array.Clear(tile.IsFitted);
        for (var lane = 0; lane < Width; lane += TLanes.Count)
        {
            var pending = Load(responses, lane);
            if (TLanes.Any(pending))
                Iterate(Start(pending), tile, lane);
        }
    }

    private void Iterate(TLanes pending, ScoringTile tile, int lane)
    {
        TLanes last = default,
            isExpected = default;
        for (var pass = 1; pass <= MaxPasses && TLanes.Any(pending); pass++)
        {
            pending = TLanes.WhereSet(pending, Evaluate(withDeviances: TLanes.Any(TLanes.WhereSet(pending, isExpected))));
            pending = TLanes.WhereSet(pending, Factor(SmallestPivot));
            Solve();
            var change = Change();
            if (TFamily.HasShape)
                pending = TLanes.WhereSet(pending, MoveShape(pass, ref change));
            var isSmall = TLanes.LessThanOrEqual(change, TLanes.Broadcast(Precision));
            var ends = TLanes.WhereSet(pending, TLanes.WhereSet(isExpected, isSmall));
            for (var c = 0; c < _rank; c++)
                _coordinates[c] += _step[c];
            if (TLanes.Any(ends))
            {
                Store(TLanes.WhereSet(ends, IsRegular()), tile, lane);
                pending = TLanes.Drop(ends, pending);
            }
            // Steps that shrink quadratically: the next one is this one times the square of the last ratio.
            var rate = change / last;
            var willBeSmall = TLanes.LessThanOrEqual(change * rate * rate, TLanes.Broadcast(10 * Precision));
            isExpected = TLanes.Select(isSmall, All, willBeSmall);
            last = change;
        }
    }

    /// <summary>The root of the mean square of the changes of predictors; for links with units relative to that of predictors.</summary>
    private TLanes Change()
    {
        TLanes step = default,
            size = default;
        for (var c = 0; c < _rank; c++)
        {
            step = TLanes.AddProduct(step, _step[c], _step[c]);
            size = TLanes.AddProduct(size, _coordinates[c], _coordinates[c]);
        }
        // B'wB is the identity.
        return TLanes.Sqrt(step / (TLink.IsUnitFree ? _priorWeights : size));
    }

    /// <summary>A mask of the lanes whose fit needs no examination.</summary>
    private TLanes IsRegular() =>
        TLanes.WhereSet(
            TLanes.LessThan(TLanes.Broadcast(NearLimit), _distance),
            TLanes.LessThan(TLanes.Broadcast(NearlyExact) * _pearsonTotal, _pearson)
        );

    /// <summary>Replaces the Gram matrix by its Cholesky factor; a mask of the lanes where that loses no digits.</summary>
    private TLanes Factor(double smallestPivot)
    {
        var isGood = All;
        for (int i = 0, row = 0; i < _rank; i++, row += i)
        for (int j = 0, column = 0; j <= i; j++, column += j)
        {
            var sum = _gram[row + j];
            var diagonal = sum;
            for (var k = 0; k < j; k++)
                sum = TLanes.SubtractProduct(sum, _gram[row + k], _gram[column + k]);
            if (i == j)
                isGood = TLanes.WhereSet(isGood, TLanes.LessThan(TLanes.Broadcast(smallestPivot) * diagonal, sum));
            _gram[row + j] = i == j ? TLanes.Sqrt(sum) : sum / _gram[column + j];
        }
        return isGood;
    }

    /// <summary>The step to which the projections lead.</summary>
    private void Solve()
    {
        for (int i = 0, row = 0; i < _rank; i++, row += i)
        {
            var sum = _projections[i];
            for (var k = 0; k < i; k++)
                sum = TLanes.SubtractProduct(sum, _gram[row + k], _step[k]);
            _step[i] = sum / _gram[row + i];
        }
        for (var i = _rank - 1; i >= 0; i--)
        {
            var sum = _step[i];
            for (var k = i + 1; k < _rank; k++)
                sum = TLanes.SubtractProduct(sum, _gram[(k * (k + 1) / 2) + i], _step[k]);
            _step[i] = sum / _gram[(i * (i + 1) / 2) + i];
        }
    }

    private void Store(TLanes mask, ScoringTile tile, int lane)
    {
        Keep(tile.IsFitted, 0, All);
        Keep(tile.Rows, 0, _observed);
        Keep(tile.Deviance, 0, _deviance);
        Keep(tile.PearsonSquares, 0, _pearson);
        for (var c = 0; c < _rank; c++)
            Keep(tile.Coordinates, c, _coordinates[c]);
        for (var i = 0; i < _gram.Length; i++)
            Keep(tile.Factor, i, _gram[i]);
        if (TFamily.HasShape)
        {
            Keep(tile.Alpha, 0, _alpha);
            Keep(tile.AlphaCurvature, 0, _curvature);
        }

        void Keep(double[] values, int index, TLanes value)
        {
            ref var target = ref values[(index * Width) + lane];
            TLanes.Store(TLanes.Select(mask, value, TLanes.Load(in target)), ref target);
        }
    }
}
