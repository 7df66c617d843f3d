using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.FixedEffects;
using HpcFit.Worker.Mixed.Structured.Profile;
using HpcFit.Worker.Mixed.Structured.Tables;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// Least squares of a register of responses, and the sums of the residuals that the criterion needs: as <see cref="OrdinaryLeastSquares"/>
/// and <see cref="ResponseSums"/> for one element, rows in the order of the design, products fused with sums. A workspace of one thread.
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
internal sealed class ResidualSums<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private const int AtOnce = 4;

    private readonly SharedStructure _shared;
    private readonly StructuredDesign _tables;
    private readonly int _effects;
    private readonly int _padded;
    private readonly double[] _basis;
    private readonly TLanes[] _rows;
    private readonly TLanes[] _columns;

    public ResidualSums(SharedStructure shared)
    {
        (_shared, _tables) = (shared, shared.Tables);
        _effects = shared.Structure.AbsorbedEffects;
        _rows = new TLanes[_tables.Rows];
        _padded = (_tables.Rank + AtOnce - 1) / AtOnce * AtOnce;
        _basis = new double[_tables.Rows * _padded];
        for (var row = 0; row < _tables.Rows; row++)
            _tables.Basis.AsSpan(row * _tables.Rank, _tables.Rank).CopyTo(_basis.AsSpan(row * _padded));
        _columns = new TLanes[_padded];
        Ordinary = new TLanes[_padded];
        Coordinates = new TLanes[_tables.Groups.Count * _effects];
        Within = new TLanes[shared.Size];
    }

    /// <summary>The coordinates of least squares on Q.</summary>
    public TLanes[] Ordinary { get; }

    /// <summary>The sum of squares of the response.</summary>
    public TLanes Total { get; private set; }

    /// <summary>That of the residuals r.</summary>
    public TLanes Residual { get; private set; }

    /// <summary>O'r, per group one value per absorbed effect.</summary>
    public TLanes[] Coordinates { get; }

    /// <summary>E'(I - O O')r.</summary>
    public TLanes[] Within { get; }

    /// <summary>r'(I - O O')r.</summary>
    public TLanes WithinSquares { get; private set; }

    /// <summary>Sums some lanes of a tile; lanes with a missing subject get sums that are not finite.</summary>
    /// <param name="responses">The responses, scaled by the roots of weights.</param>
    /// <param name="lane">The first lane.</param>
    public void Sum(in ElementTile responses, int lane)
    {
        if (responses.Doubles.IsEmpty)
            Load(responses.Singles, responses.RowStarts, lane);
        else
            Load(responses.Doubles, responses.RowStarts, lane);
        Project(Ordinary);
        SubtractFit();
        SumGroups();
        Project(_columns);
        for (var c = 0; c < _tables.Rank; c++)
            Within[_shared.Dense + c] = _columns[c];
        SumDense();
    }

    private void Load<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> rowStarts, int lane)
        where T : unmanaged
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), lane);
        TLanes total = default;
        for (var row = 0; row < _rows.Length; row++)
        {
            ref var at = ref Unsafe.Add(ref first, rowStarts[row]);
            var value =
                typeof(T) == typeof(float) ? TLanes.Widen(ref Unsafe.As<T, float>(ref at)) : TLanes.Load(ref Unsafe.As<T, double>(ref at));
            _rows[row] = value;
            total = TLanes.AddProduct(total, value, value);
        }
        Total = total;
    }

    /// <summary>Q' times the rows, four columns at once.</summary>
    private void Project(TLanes[] target)
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_rows);
        for (var column = 0; column < _padded; column += AtOnce)
        {
            ref var q = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_basis), column);
            TLanes a = default,
                b = default,
                c = default,
                d = default;
            for (var row = 0; row < _rows.Length; row++)
            {
                var value = Unsafe.Add(ref rows, row);
                a = TLanes.AddProduct(a, value, TLanes.Broadcast(q));
                b = TLanes.AddProduct(b, value, TLanes.Broadcast(Unsafe.Add(ref q, 1)));
                c = TLanes.AddProduct(c, value, TLanes.Broadcast(Unsafe.Add(ref q, 2)));
                d = TLanes.AddProduct(d, value, TLanes.Broadcast(Unsafe.Add(ref q, 3)));
                q = ref Unsafe.Add(ref q, _padded);
            }
            (target[column], target[column + 1], target[column + 2], target[column + 3]) = (a, b, c, d);
        }
    }

    private void SubtractFit()
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(_rows);
        TLanes residual = default;
        for (var column = 0; column < _padded; column += AtOnce)
        {
            ref var q = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_basis), column);
            var (a, b, c, d) = (Ordinary[column], Ordinary[column + 1], Ordinary[column + 2], Ordinary[column + 3]);
            residual = default;
            for (var row = 0; row < _rows.Length; row++)
            {
                var value = Unsafe.Add(ref rows, row);
                value = TLanes.SubtractProduct(value, a, TLanes.Broadcast(q));
                value = TLanes.SubtractProduct(value, b, TLanes.Broadcast(Unsafe.Add(ref q, 1)));
                value = TLanes.SubtractProduct(value, c, TLanes.Broadcast(Unsafe.Add(ref q, 2)));
                value = TLanes.SubtractProduct(value, d, TLanes.Broadcast(Unsafe.Add(ref q, 3)));
                residual = TLanes.AddProduct(residual, value, value);
                Unsafe.Add(ref rows, row) = value;
                q = ref Unsafe.Add(ref q, _padded);
            }
        }
        Residual = residual;
    }

    /// <summary>O'r of each group; the rows become those of (I - O O')r.</summary>
    private void SumGroups()
    {
        TLanes squares = default;
        var (from, groups, orthonormal) = (0, _tables.Groups, _tables.Orthonormal);
        for (var group = 0; group < groups.Count; from = groups.End[group++])
        {
            var end = groups.End[group];
            var coordinates = Coordinates.AsSpan(group * _effects, _effects);
            for (var a = 0; a < coordinates.Length; a++)
            {
                TLanes sum = default;
                for (var row = from; row < end; row++)
                    sum = TLanes.AddProduct(sum, _rows[row], TLanes.Broadcast(orthonormal[(row * _effects) + a]));
                coordinates[a] = sum;
            }
            for (var row = from; row < end; row++)
            {
                var deviation = _rows[row];
                for (var a = 0; a < coordinates.Length; a++)
                    deviation = TLanes.SubtractProduct(deviation, coordinates[a], TLanes.Broadcast(orthonormal[(row * _effects) + a]));
                _rows[row] = deviation;
                squares = TLanes.AddProduct(squares, deviation, deviation);
            }
        }
        WithinSquares = squares;
    }

    private void SumDense()
    {
        Array.Clear(Within, 0, _shared.Dense);
        foreach (var term in _shared.DenseTerms)
        {
            var (columns, effects) = (_tables.DenseColumn[term.Term], _tables.DenseEffects[term.Term]);
            for (var row = 0; row < _rows.Length; row++)
            for (var e = 0; e < term.Effects; e++)
            {
                ref var target = ref Within[columns[row] + term.Moved + e];
                target = TLanes.AddProduct(target, _rows[row], TLanes.Broadcast(effects[(row * term.Effects) + e]));
            }
        }
    }
}
