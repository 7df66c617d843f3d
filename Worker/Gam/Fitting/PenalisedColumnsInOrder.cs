using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Gam.Criteria;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>
/// A design's columns in their own order with the roots of their penalties, without columns that depend on earlier ones given data and
/// penalties. What depends on the order depends on which column is omitted; to match mgcv it is the last of the dependent ones, even if
/// the fit itself drops another.
/// </summary>
internal sealed class PenalisedColumnsInOrder
{
    private readonly DenseMatrix _x;
    private readonly DenseMatrix[] _roots;
    private readonly int _inserted; // the absorbed columns
    private readonly int _position; // and the first of them

    /// <summary>Prepares columns and penalties.</summary>
    /// <param name="design">The design.</param>
    /// <param name="isComplete">Whether an absorbed effect's columns and penalty are among them.</param>
    public PenalisedColumnsInOrder(GamDesign design, bool isComplete)
    {
        var effect = isComplete ? design.Absorbed : null;
        var penalties =
            design.Blocks is not null ? design.FirstCovariance
            : effect is null && design.Absorbed is not null ? design.PenaltyCount - 1
            : design.PenaltyCount;
        (_inserted, _position, _x) = (0, design.CoefficientCount, design.X);
        if (effect is not null)
        {
            _inserted = effect.Groups;
            _position = design.Smooths[effect.Smooth].First;
            _x = Insert(effect, design.X);
        }
        _roots =
        [
            .. Enumerable
                .Range(0, penalties)
                .Select(j =>
                    j == effect?.Penalty
                        ? OwnRoot(effect)
                        : design
                            .SmoothsOf(j)
                            .Where(place => design.Blocks is null || !place.IsAbsorbed)
                            .Select(place => Embedded(place.Smooth.Penalties[j - place.FirstPenalty], place))
                            .Aggregate(new DenseMatrix(0, _x.Columns), (above, below) => above.ConcatenateRows(below))
                ),
        ];
        var stacked = new ThinQr(_roots.Aggregate(_x, (stack, root) => stack.ConcatenateRows(root)));
        Kept = [.. Enumerable.Range(0, _x.Columns).Except(stacked.Dependent)];
    }

    /// <summary>The columns.</summary>
    public int[] Kept { get; }

    /// <summary>The root of a penalty in these columns.</summary>
    public DenseMatrix RootOf(int penalty) => _roots[penalty].TakeColumns(Kept);

    /// <summary>The factor of their penalised Gram matrix.</summary>
    public PenaltyDeterminant Factor() =>
        new([.. _roots.Select((root, j) => (j, root.TakeColumns(Kept)))], new ThinQr(_x.TakeColumns(Kept)).R);

    private DenseMatrix Embedded(DenseMatrix penalty, PlacedSmooth place)
    {
        var root = PenaltyCoordinates.Root(penalty);
        var full = new DenseMatrix(root.Rows, _x.Columns);
        for (var i = 0; i < root.Rows; i++)
            root.Row(i).CopyTo(full.Row(i)[(place.First + (place.First >= _position ? _inserted : 0))..]);
        return full;
    }

    private DenseMatrix OwnRoot(AbsorbedEffect effect)
    {
        var root = new DenseMatrix(_inserted, _x.Columns);
        for (var group = 0; group < _inserted; group++)
            root[group, _position + group] = Math.Sqrt(effect.PenaltyScale);
        return root;
    }

    private DenseMatrix Insert(AbsorbedEffect effect, DenseMatrix x)
    {
        var full = new DenseMatrix(x.Rows, x.Columns + _inserted);
        for (var i = 0; i < x.Rows; i++)
        {
            x.Row(i)[.._position].CopyTo(full.Row(i));
            x.Row(i)[_position..].CopyTo(full.Row(i)[(_position + _inserted)..]);
            if (effect.GroupOf(i) is >= 0 and var group)
                full[i, _position + group] = effect.Value(i);
        }
        return full;
    }
}
