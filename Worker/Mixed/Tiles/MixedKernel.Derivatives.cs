using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Mixed.Profile;

namespace HpcFit.Worker.Mixed.Tiles;

/// <content>The criterion and its derivatives at one t per lane, as <see cref="VarianceProfile"/> has them.</content>
internal sealed partial class MixedKernel<TLanes>
{
    /// <summary>Classes whose powers of v remain in the core's own cache while sums are weighted by them.</summary>
    private const int ClassesAtOnce = 64;

    /// <summary>Computes everything at t but the logarithms.</summary>
    private void Differentiate(MixedTile tile, int lane, TLanes t)
    {
        _squares = TLanes.Load(in tile.WithinSquares[lane]);
        (_logSlope, _logBend) = (default, default);
        for (var i = 0; i < _factor.Length; i++)
            (_factor[i], _decline[i], _bend[i]) = (TLanes.Broadcast(_design.PackedWithin[i]), default, default);
        Array.Clear(_push);
        Array.Clear(_crossSlope);
        Array.Clear(_crossBend);
        TLanes slope = default,
            bend = default;
        for (var first = 0; first < _classes; first += ClassesAtOnce)
        {
            var count = Math.Min(ClassesAtOnce, _classes - first);
            Shrink(tile, lane, t, first, count, ref slope, ref bend);
            SumMatrices(first, count);
            SumCrosses(tile, lane, first, count);
        }
        FactorInformation();
        SolveShift(t);
        DifferentiateSquares(slope, bend);
        if (_isRestricted)
            AddTraces();
        _evaluated = t;
    }

    /// <summary>v of some classes and its powers, and sums of squares.</summary>
    private void Shrink(MixedTile tile, int lane, TLanes t, int first, int count, ref TLanes slope, ref TLanes bend)
    {
        var one = TLanes.Broadcast(1);
        for (var i = 0; i < count; i++)
        {
            var k = first + i;
            var mass = TLanes.Broadcast(_design.Mass[k]);
            var v = one / TLanes.AddProduct(one, t, mass);
            var (square, share, scaled) = (v * v, mass * v, v * TLanes.Broadcast(_design.InverseMass[k]));
            var cube = square * (share + share);
            (_shrinkage[i], _scaled[i], _squared[i], _cubed[i]) = (v, scaled, square, cube);
            var number = TLanes.Broadcast(_design.Count[k]);
            _logSlope = TLanes.AddProduct(_logSlope, number, share);
            _logBend = TLanes.SubtractProduct(_logBend, number, share * share);
            var sums = TLanes.Load(in tile.SquareSums[(k * Width) + lane]);
            _squares = TLanes.AddProduct(_squares, scaled, sums);
            slope = TLanes.AddProduct(slope, square, sums);
            bend = TLanes.AddProduct(bend, cube, sums);
        }
    }

    /// <summary>Adds some classes to Q'V⁻¹Q and, with the opposite sign of the first, its derivatives.</summary>
    private void SumMatrices(int first, int count)
    {
        ref var scaled = ref MemoryMarshal.GetArrayDataReference(_scaled);
        ref var squared = ref MemoryMarshal.GetArrayDataReference(_squared);
        ref var cubed = ref MemoryMarshal.GetArrayDataReference(_cubed);
        for (var i = 0; i < _factor.Length; i++)
        {
            var (information, decline, bend) = (_factor[i], _decline[i], _bend[i]);
            ref var products = ref _design.PackedProducts[(i * _classes) + first];
            for (var k = 0; k < count; k++)
            {
                var product = TLanes.Broadcast(Unsafe.Add(ref products, k));
                information = TLanes.AddProduct(information, Unsafe.Add(ref scaled, k), product);
                decline = TLanes.AddProduct(decline, Unsafe.Add(ref squared, k), product);
                bend = TLanes.AddProduct(bend, Unsafe.Add(ref cubed, k), product);
            }
            (_factor[i], _decline[i], _bend[i]) = (information, decline, bend);
        }
    }

    /// <summary>Adds some classes to the weighted sums of cross products.</summary>
    private void SumCrosses(MixedTile tile, int lane, int first, int count)
    {
        ref var shrinkage = ref MemoryMarshal.GetArrayDataReference(_shrinkage);
        ref var squared = ref MemoryMarshal.GetArrayDataReference(_squared);
        ref var cubed = ref MemoryMarshal.GetArrayDataReference(_cubed);
        for (var c = 0; c < _rank; c++)
        {
            var (sum, slope, bend) = (_push[c], _crossSlope[c], _crossBend[c]);
            ref var crosses = ref tile.CrossSums[CrossPlace(lane, first, c)];
            for (var i = 0; i < count; i++)
            {
                var cross = TLanes.Load(ref Unsafe.Add(ref crosses, i * _design.PaddedColumns * Width));
                sum = TLanes.AddProduct(sum, Unsafe.Add(ref shrinkage, i), cross);
                slope = TLanes.AddProduct(slope, Unsafe.Add(ref squared, i), cross);
                bend = TLanes.AddProduct(bend, Unsafe.Add(ref cubed, i), cross);
            }
            (_push[c], _crossSlope[c], _crossBend[c]) = (sum, slope, bend);
        }
    }

    /// <summary>Q'V⁻¹Q = L D L', row by row: Z = L⁻¹ without its diagonal of ones in place of it, and D⁻¹.</summary>
    private void FactorInformation()
    {
        ref var factor = ref MemoryMarshal.GetArrayDataReference(_factor);
        ref var scaled = ref MemoryMarshal.GetArrayDataReference(_row);
        ref var inverses = ref MemoryMarshal.GetArrayDataReference(_inversePivots);
        for (var i = 0; i < _rank; i++)
        {
            ref var row = ref Unsafe.Add(ref factor, Start(i));
            var pivot = Unsafe.Add(ref row, i);
            for (var j = 0; j < i; j++)
            {
                ref var other = ref Unsafe.Add(ref _lower[0], Start(j));
                var sum = Unsafe.Add(ref row, j);
                for (var k = 0; k < j; k++)
                    sum = TLanes.SubtractProduct(sum, Unsafe.Add(ref scaled, k), Unsafe.Add(ref other, k));
                var lower = sum * Unsafe.Add(ref inverses, j);
                pivot = TLanes.SubtractProduct(pivot, sum, lower);
                (Unsafe.Add(ref scaled, j), _lower[Start(i) + j]) = (sum, lower);
            }
            Unsafe.Add(ref inverses, i) = TLanes.Broadcast(1) / pivot;
            for (var j = 0; j < i; j++)
            {
                var sum = _lower[Start(i) + j];
                for (var k = j + 1; k < i; k++)
                    sum = TLanes.AddProduct(sum, _lower[Start(i) + k], Unsafe.Add(ref factor, Start(k) + j));
                Unsafe.Add(ref row, j) = default(TLanes) - sum;
            }
        }
    }

    /// <summary>The difference from ordinary least squares, and the squares without it.</summary>
    private void SolveShift(TLanes t)
    {
        ref var factor = ref MemoryMarshal.GetArrayDataReference(_factor);
        ref var push = ref MemoryMarshal.GetArrayDataReference(_push);
        ref var shift = ref MemoryMarshal.GetArrayDataReference(_shift);
        for (var i = 0; i < _rank; i++)
        {
            var solved = Unsafe.Add(ref push, i) = default(TLanes) - t * Unsafe.Add(ref push, i);
            ref var row = ref Unsafe.Add(ref factor, Start(i));
            for (var j = 0; j < i; j++)
                solved = TLanes.AddProduct(solved, Unsafe.Add(ref row, j), Unsafe.Add(ref push, j));
            var scaled = solved * _inversePivots[i];
            _squares = TLanes.SubtractProduct(_squares, solved, scaled);
            for (var j = 0; j < i; j++)
                Unsafe.Add(ref shift, j) = TLanes.AddProduct(Unsafe.Add(ref shift, j), Unsafe.Add(ref row, j), scaled);
            Unsafe.Add(ref shift, i) = scaled;
        }
    }

    private void DifferentiateSquares(TLanes slope, TLanes bend)
    {
        ref var factor = ref MemoryMarshal.GetArrayDataReference(_factor);
        ref var push = ref MemoryMarshal.GetArrayDataReference(_push);
        ref var shift = ref MemoryMarshal.GetArrayDataReference(_shift);
        for (var i = 0; i < _rank; i++)
        {
            ref var decline = ref _decline[Start(i)];
            ref var bent = ref _bend[Start(i)];
            var own = Unsafe.Add(ref shift, i);
            TLanes fitted = default,
                bentFitted = default;
            for (var j = 0; j < i; j++)
            {
                var entry = Unsafe.Add(ref decline, j);
                fitted = TLanes.AddProduct(fitted, entry, Unsafe.Add(ref shift, j));
                Unsafe.Add(ref push, j) = TLanes.SubtractProduct(Unsafe.Add(ref push, j), entry, own);
                bentFitted = TLanes.AddProduct(bentFitted, Unsafe.Add(ref bent, j), Unsafe.Add(ref shift, j));
            }
            // Entries off the diagonal belong to two rows.
            var (diagonal, bentDiagonal) = (Unsafe.Add(ref decline, i) * own, Unsafe.Add(ref bent, i) * own);
            var (cross, bentCross) = (_crossSlope[i], _crossBend[i]);
            slope = TLanes.AddProduct(slope, own, fitted + fitted + diagonal - (cross + cross));
            bend = TLanes.AddProduct(bend, own, bentFitted + bentFitted + bentDiagonal - (bentCross + bentCross));
            Unsafe.Add(ref push, i) = cross - (fitted + diagonal);
        }
        for (var i = 0; i < _rank; i++)
        {
            var solved = Unsafe.Add(ref push, i);
            ref var row = ref Unsafe.Add(ref factor, Start(i));
            for (var j = 0; j < i; j++)
                solved = TLanes.AddProduct(solved, Unsafe.Add(ref row, j), Unsafe.Add(ref push, j));
            bend = TLanes.SubtractProduct(bend, (solved + solved) * _inversePivots[i], solved);
        }
        (_squaresSlope, _squaresBend) = (default(TLanes) - slope, bend);
    }

    /// <summary>Adds tr(M⁻¹M′) and tr(M⁻¹M″) - tr(M⁻¹M′M⁻¹M′), M = Q'V⁻¹Q: with P = Z M′Z', P D⁻¹ has the eigenvalues of M⁻¹M′.</summary>
    private void AddTraces()
    {
        Invert();
        ref var factor = ref MemoryMarshal.GetArrayDataReference(_factor);
        ref var decline = ref MemoryMarshal.GetArrayDataReference(_decline);
        ref var product = ref MemoryMarshal.GetArrayDataReference(_row);
        for (var i = 0; i < _rank; i++)
        {
            ref var row = ref Unsafe.Add(ref factor, Start(i));
            var pivot = _inversePivots[i];
            // Row i of Z M′, up to the diagonal; then row i of P.
            for (var j = 0; j <= i; j++)
            {
                var sum = Unsafe.Add(ref decline, Start(i) + j);
                for (var k = 0; k < j; k++)
                    sum = TLanes.AddProduct(sum, Unsafe.Add(ref row, k), Unsafe.Add(ref decline, Start(j) + k));
                for (int k = j, place = Start(j) + j; k < i; place += ++k)
                    sum = TLanes.AddProduct(sum, Unsafe.Add(ref row, k), Unsafe.Add(ref decline, place));
                Unsafe.Add(ref product, j) = sum;
            }
            for (var j = 0; j <= i; j++)
            {
                ref var other = ref Unsafe.Add(ref factor, Start(j));
                var sum = Unsafe.Add(ref product, j);
                for (var k = 0; k < j; k++)
                    sum = TLanes.AddProduct(sum, Unsafe.Add(ref product, k), Unsafe.Add(ref other, k));
                var scaled = sum * pivot;
                if (j < i)
                    _logBend = TLanes.SubtractProduct(_logBend, (scaled + scaled) * sum, _inversePivots[j]);
                else
                    (_logSlope, _logBend) = (_logSlope - scaled, TLanes.SubtractProduct(_logBend, scaled, scaled));
            }
        }
        for (int i = 0, e = 0; i < _rank; i++, e++)
        {
            for (var j = 0; j < i; j++, e++)
                _logBend = TLanes.AddProduct(_logBend, _inverse[e] + _inverse[e], _bend[e]);
            _logBend = TLanes.AddProduct(_logBend, _inverse[e], _bend[e]);
        }
    }

    /// <summary>(Q'V⁻¹Q)⁻¹ = Z'D⁻¹Z.</summary>
    private void Invert()
    {
        ref var factor = ref MemoryMarshal.GetArrayDataReference(_factor);
        ref var inverse = ref MemoryMarshal.GetArrayDataReference(_inverse);
        for (var i = 0; i < _rank; i++)
        {
            // The row of Z with its diagonal of ones adds to all entries up to it.
            ref var row = ref Unsafe.Add(ref factor, Start(i));
            var pivot = _inversePivots[i];
            for (int j = 0, e = 0; j < i; j++)
            {
                var scaled = Unsafe.Add(ref row, j) * pivot;
                for (var k = 0; k <= j; k++, e++)
                    Unsafe.Add(ref inverse, e) = TLanes.AddProduct(Unsafe.Add(ref inverse, e), scaled, Unsafe.Add(ref row, k));
                Unsafe.Add(ref inverse, Start(i) + j) = scaled;
            }
            Unsafe.Add(ref inverse, Start(i) + i) = pivot;
        }
    }

    /// <summary>The criterion where <see cref="Differentiate"/> was called last.</summary>
    private TLanes Value(TLanes t)
    {
        var (determinants, logs, one) = (default(TLanes), new LogarithmOfLanes<TLanes>(), TLanes.Broadcast(1));
        for (var k = 0; k < _classes; k++)
            if (_design.Count[k] == 1)
                logs.Multiply(TLanes.AddProduct(one, t, TLanes.Broadcast(_design.Mass[k])));
            else
                determinants = TLanes.AddProduct(
                    determinants,
                    TLanes.Broadcast(_design.Count[k]),
                    ReproducibleMath.Log1p(t * TLanes.Broadcast(_design.Mass[k]))
                );
        determinants += logs.Value;
        if (_isRestricted)
        {
            var pivots = new LogarithmOfLanes<TLanes>();
            for (var j = 0; j < _rank; j++)
                pivots.Multiply(_inversePivots[j]);
            determinants -= pivots.Value;
        }
        determinants += TLanes.Broadcast((_isRestricted ? _tables.LogDeterminant : 0) - _tables.LogWeights);
        var log2 = ReproducibleMath.Log(TLanes.Broadcast(Math.Tau / _degrees) * _squares);
        return TLanes.AddProduct(determinants, TLanes.Broadcast(_degrees), one + log2);
    }

    private void StoreMinimum(MixedTile tile, int lane, TLanes wanted, TLanes t)
    {
        if (TLanes.Any(TLanes.WhereSet(wanted, TLanes.LessThan(default, TLanes.Abs(t - _evaluated)))))
            Differentiate(tile, lane, t);
        if (!_isRestricted)
            Invert();
        var variance = _squares / TLanes.Broadcast(_degrees);
        TLanes.Store(t, ref tile.Ratio[lane]);
        TLanes.Store(_squares, ref tile.Squares[lane]);
        TLanes.Store(_criterion, ref tile.Criterion[lane]);
        TLanes.Store(_squaresSlope, ref tile.SquaresSlope[lane]);
        TLanes.Store(_logSlope + _squaresSlope / variance, ref tile.Slope[lane]);
        TLanes.Store(_logBend + _squaresBend / variance, ref tile.Curvature[lane]);
        var shift = TLanes.Load(in tile.Shift[lane]);
        for (var c = 0; c < _rank; c++)
            TLanes.Store(
                TLanes.AddProduct(_ordinary[c] + _shift[c], shift, TLanes.Broadcast(_design.RootProjections[c])),
                ref tile.Coordinates[(c * Width) + lane]
            );
        for (var i = 0; i < _inverse.Length; i++)
        {
            TLanes.Store(_inverse[i], ref tile.Inverse[(i * Width) + lane]);
            TLanes.Store(_decline[i], ref tile.Decline[(i * Width) + lane]);
        }
    }

    /// <inheritdoc/>
    public override void Combine(MixedTile tile, int lanes, ReadOnlySpan<double> functional, MixedEffects effects)
    {
        for (var lane = 0; lane < lanes; lane += TLanes.Count)
        {
            ref var solved = ref MemoryMarshal.GetArrayDataReference(_solved);
            var variance = Multiply(ref tile.Inverse[lane], functional, ref solved);
            TLanes estimate = default,
                slope = default;
            ref var decline = ref tile.Decline[lane];
            ref var coordinates = ref tile.Coordinates[lane];
            for (int i = 0, place = 0; i < _rank; i++)
            {
                TLanes before = default;
                for (var j = 0; j < i; j++, place += Width)
                    before = TLanes.AddProduct(before, TLanes.Load(ref Unsafe.Add(ref decline, place)), Unsafe.Add(ref solved, j));
                var diagonal = TLanes.Load(ref Unsafe.Add(ref decline, place)) * Unsafe.Add(ref solved, i);
                slope = TLanes.AddProduct(slope, Unsafe.Add(ref solved, i), before + before + diagonal);
                var coordinate = TLanes.Load(ref Unsafe.Add(ref coordinates, i * Width));
                estimate = TLanes.AddProduct(estimate, coordinate, TLanes.Broadcast(functional[i]));
                place += Width;
            }
            var residual = TLanes.Load(in tile.Squares[lane]) / TLanes.Broadcast(_degrees);
            TLanes.Store(estimate, ref effects.Estimates[lane]);
            TLanes.Store(TLanes.Sqrt(residual * variance), ref effects.StandardErrors[lane]);
            TLanes.Store(Satterthwaite(tile, lane, residual, variance, slope), ref effects.Degrees[lane]);
        }
    }

    /// <summary>A symmetric matrix, its lower triangle by rows, times a vector w; returns w'M w.</summary>
    private static TLanes Multiply(ref double matrix, ReadOnlySpan<double> vector, ref TLanes target)
    {
        TLanes form = default;
        for (int i = 0, place = 0; i < vector.Length; i++, place += Width)
        {
            var own = TLanes.Broadcast(vector[i]);
            TLanes before = default;
            for (var j = 0; j < i; j++, place += Width)
            {
                var entry = TLanes.Load(ref Unsafe.Add(ref matrix, place));
                before = TLanes.AddProduct(before, entry, TLanes.Broadcast(vector[j]));
                Unsafe.Add(ref target, j) = TLanes.AddProduct(Unsafe.Add(ref target, j), entry, own);
            }
            var diagonal = TLanes.Load(ref Unsafe.Add(ref matrix, place)) * own;
            form = TLanes.AddProduct(form, own, before + before + diagonal);
            Unsafe.Add(ref target, i) = before + diagonal;
        }
        return form;
    }

    /// <summary>The degrees of freedom, as in <see cref="MixedStatistics"/>, with the squares of θ and σ divided out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes Satterthwaite(MixedTile tile, int lane, TLanes residual, TLanes variance, TLanes slope)
    {
        var (two, four) = (TLanes.Broadcast(2), TLanes.Broadcast(4));
        var t = TLanes.Load(in tile.Ratio[lane]);
        var degrees = TLanes.Broadcast(_degrees);
        var theta = TLanes.Sqrt(t);
        var sigma = TLanes.Sqrt(residual);
        var ofTheta = two * TLanes.Load(in tile.Slope[lane]) + four * t * TLanes.Load(in tile.Curvature[lane]);
        var ofBoth = TLanes.Broadcast(-4) * theta * TLanes.Load(in tile.SquaresSlope[lane]) / (residual * sigma);
        var ofSigma = four * degrees / residual;
        var determinant = ofTheta * ofSigma - ofBoth * ofBoth;
        var byTheta = two * theta * residual * slope;
        var bySigma = two * sigma * variance;
        var quadratic = byTheta * byTheta * ofSigma - two * byTheta * bySigma * ofBoth + bySigma * bySigma * ofTheta;
        var squared = residual * variance;
        var found = squared * squared * determinant / quadratic;
        found = TLanes.Select(TLanes.LessThan(default, determinant), found, TLanes.Broadcast(double.NaN));
        return TLanes.Select(TLanes.LessThanOrEqual(t, default), degrees, found);
    }
}
