using System.Runtime.CompilerServices;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed;

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
        InvertInformation();
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
            var mass = TLanes.Broadcast(_tables.Mass[k]);
            var v = one / TLanes.AddProduct(one, t, mass);
            var (square, share) = (v * v, mass * v);
            _shrinkage[i] = v;
            _squared[i] = square;
            _cubed[i] = square * (share + share);
            _logSlope = TLanes.AddProduct(_logSlope, TLanes.Broadcast(_tables.Count[k]), share);
            _logBend = TLanes.SubtractProduct(_logBend, TLanes.Broadcast(_tables.Count[k]), share * share);
            var sums = TLanes.Load(in tile.SquareSums[(k * Width) + lane]);
            _squares = TLanes.AddProduct(_squares, v * TLanes.Broadcast(_design.InverseMass[k]), sums);
            slope = TLanes.AddProduct(slope, square, sums);
            bend = TLanes.AddProduct(bend, _cubed[i], sums);
        }
    }

    /// <summary>Adds some classes to Q'V⁻¹Q and, with the opposite sign of the first, its derivatives.</summary>
    private void SumMatrices(int first, int count)
    {
        for (var i = 0; i < _factor.Length; i++)
        {
            var (information, decline, bend) = (_factor[i], _decline[i], _bend[i]);
            var products = _design.PackedProducts.AsSpan((i * _classes) + first, count);
            var scaled = _design.ScaledProducts.AsSpan((i * _classes) + first, count);
            for (var k = 0; k < products.Length; k++)
            {
                var product = TLanes.Broadcast(products[k]);
                information = TLanes.AddProduct(information, _shrinkage[k], TLanes.Broadcast(scaled[k]));
                decline = TLanes.AddProduct(decline, _squared[k], product);
                bend = TLanes.AddProduct(bend, _cubed[k], product);
            }
            (_factor[i], _decline[i], _bend[i]) = (information, decline, bend);
        }
    }

    /// <summary>Adds some classes to the weighted sums of cross products.</summary>
    private void SumCrosses(MixedTile tile, int lane, int first, int count)
    {
        for (var c = 0; c < _rank; c++)
        {
            var (sum, slope, bend) = (_push[c], _crossSlope[c], _crossBend[c]);
            for (var i = 0; i < count; i++)
            {
                var cross = Cross(tile, lane, first + i, c);
                sum = TLanes.AddProduct(sum, _shrinkage[i], cross);
                slope = TLanes.AddProduct(slope, _squared[i], cross);
                bend = TLanes.AddProduct(bend, _cubed[i], cross);
            }
            (_push[c], _crossSlope[c], _crossBend[c]) = (sum, slope, bend);
        }
    }

    /// <summary>The inverse Cholesky factor Z of Q'V⁻¹Q in place of it, and Z'Z.</summary>
    private void InvertInformation()
    {
        var one = TLanes.Broadcast(1);
        for (var j = 0; j < _rank; j++)
        {
            var pivot = _factor[Packed(j, j)];
            for (var k = 0; k < j; k++)
                pivot = TLanes.SubtractProduct(pivot, _factor[Packed(j, k)], _factor[Packed(j, k)]);
            var inverse = one / TLanes.Sqrt(pivot);
            _factor[Packed(j, j)] = inverse;
            for (var i = j + 1; i < _rank; i++)
            {
                var sum = _factor[Packed(i, j)];
                for (var k = 0; k < j; k++)
                    sum = TLanes.SubtractProduct(sum, _factor[Packed(i, k)], _factor[Packed(j, k)]);
                _factor[Packed(i, j)] = sum * inverse;
            }
        }
        for (var i = 1; i < _rank; i++)
        for (var j = 0; j < i; j++)
        {
            // Row i of Z from left to right: entries of L to the right of j are not overwritten yet.
            TLanes sum = default;
            for (var k = j; k < i; k++)
                sum = TLanes.AddProduct(sum, _factor[Packed(i, k)], _factor[Packed(k, j)]);
            _factor[Packed(i, j)] = default(TLanes) - sum * _factor[Packed(i, i)];
        }
        for (var i = 0; i < _rank; i++)
        for (var j = 0; j <= i; j++)
        {
            TLanes sum = default;
            for (var k = i; k < _rank; k++)
                sum = TLanes.AddProduct(sum, _factor[Packed(k, i)], _factor[Packed(k, j)]);
            _inverse[Packed(i, j)] = sum;
        }
    }

    /// <summary>The difference from ordinary least squares, and the squares without it.</summary>
    private void SolveShift(TLanes t)
    {
        for (var c = 0; c < _rank; c++)
            _push[c] = default(TLanes) - t * _push[c];
        for (var i = 0; i < _rank; i++)
        {
            TLanes solved = default,
                shift = default;
            for (var j = 0; j <= i; j++)
                solved = TLanes.AddProduct(solved, _factor[Packed(i, j)], _push[j]);
            for (var j = 0; j < _rank; j++)
                shift = TLanes.AddProduct(shift, _inverse[Packed(i, j)], _push[j]);
            _squares = TLanes.SubtractProduct(_squares, solved, solved);
            _shift[i] = shift;
        }
    }

    private void DifferentiateSquares(TLanes slope, TLanes bend)
    {
        for (var i = 0; i < _rank; i++)
        {
            var (cross, bentCross) = (_crossSlope[i], _crossBend[i]);
            TLanes fitted = default,
                bentFitted = default;
            for (var j = 0; j < _rank; j++)
            {
                fitted = TLanes.AddProduct(fitted, _decline[Packed(i, j)], _shift[j]);
                bentFitted = TLanes.AddProduct(bentFitted, _bend[Packed(i, j)], _shift[j]);
            }
            slope = TLanes.AddProduct(slope, _shift[i], fitted - (cross + cross));
            bend = TLanes.AddProduct(bend, _shift[i], bentFitted - (bentCross + bentCross));
            _push[i] = cross - fitted;
        }
        for (var i = 0; i < _rank; i++)
        {
            TLanes solved = default;
            for (var j = 0; j <= i; j++)
                solved = TLanes.AddProduct(solved, _factor[Packed(i, j)], _push[j]);
            bend = TLanes.SubtractProduct(bend, solved, solved + solved);
        }
        (_squaresSlope, _squaresBend) = (default(TLanes) - slope, bend);
    }

    /// <summary>Adds tr(M⁻¹M′) and tr(M⁻¹M″) - tr(M⁻¹M′M⁻¹M′), M = Q'V⁻¹Q.</summary>
    private void AddTraces()
    {
        for (var i = 0; i < _rank; i++)
        for (var j = 0; j < _rank; j++)
        {
            TLanes sum = default;
            for (var k = 0; k < _rank; k++)
                sum = TLanes.AddProduct(sum, _inverse[Packed(i, k)], _decline[Packed(k, j)]);
            _product[(i * _rank) + j] = sum;
            _logBend = TLanes.AddProduct(_logBend, _inverse[Packed(i, j)], _bend[Packed(i, j)]);
            if (i == j)
                _logSlope -= sum;
        }
        for (var i = 0; i < _rank; i++)
        for (var j = 0; j < _rank; j++)
            _logBend = TLanes.SubtractProduct(_logBend, _product[(i * _rank) + j], _product[(j * _rank) + i]);
    }

    /// <summary>The criterion where <see cref="Differentiate"/> was called last.</summary>
    private TLanes Value(TLanes t)
    {
        var (determinants, logs, one) = (default(TLanes), new LogarithmOfLanes<TLanes>(), TLanes.Broadcast(1));
        for (var k = 0; k < _classes; k++)
            if (_tables.Count[k] == 1)
                logs.Multiply(TLanes.AddProduct(one, t, TLanes.Broadcast(_tables.Mass[k])));
            else
                determinants = TLanes.AddProduct(
                    determinants,
                    TLanes.Broadcast(_tables.Count[k]),
                    ReproducibleMath.Log1p(t * TLanes.Broadcast(_tables.Mass[k]))
                );
        determinants += logs.Value;
        for (var j = 0; _isRestricted && j < _rank; j++)
        {
            var log = ReproducibleMath.Log(_factor[Packed(j, j)]);
            determinants -= log + log;
        }
        determinants += TLanes.Broadcast((_isRestricted ? _tables.LogDeterminant : 0) - _tables.LogWeights);
        var log2 = ReproducibleMath.Log(TLanes.Broadcast(TwoPi / _degrees) * _squares);
        return TLanes.AddProduct(determinants, TLanes.Broadcast(_degrees), one + log2);
    }

    private void StoreMinimum(MixedTile tile, int lane, TLanes wanted, TLanes t)
    {
        if (TLanes.Any(TLanes.WhereSet(wanted, TLanes.LessThan(default, TLanes.Abs(t - _evaluated)))))
            Differentiate(tile, lane, t);
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
    public override void Combine(MixedTile tile, ReadOnlySpan<double> functional, MixedEffects effects)
    {
        for (var lane = 0; lane < Width; lane += TLanes.Count)
        {
            TLanes estimate = default,
                variance = default,
                slope = default;
            for (var i = 0; i < _rank; i++)
            {
                TLanes solved = default;
                for (var j = 0; j < _rank; j++)
                    solved = TLanes.AddProduct(
                        solved,
                        TLanes.Load(in tile.Inverse[(Packed(i, j) * Width) + lane]),
                        TLanes.Broadcast(functional[j])
                    );
                _solved[i] = solved;
                variance = TLanes.AddProduct(variance, solved, TLanes.Broadcast(functional[i]));
                estimate = TLanes.AddProduct(
                    estimate,
                    TLanes.Load(in tile.Coordinates[(i * Width) + lane]),
                    TLanes.Broadcast(functional[i])
                );
            }
            for (var i = 0; i < _rank; i++)
            {
                TLanes product = default;
                for (var j = 0; j < _rank; j++)
                    product = TLanes.AddProduct(product, TLanes.Load(in tile.Decline[(Packed(i, j) * Width) + lane]), _solved[j]);
                slope = TLanes.AddProduct(slope, _solved[i], product);
            }
            var residual = TLanes.Load(in tile.Squares[lane]) / TLanes.Broadcast(_degrees);
            TLanes.Store(estimate, ref effects.Estimates[lane]);
            TLanes.Store(TLanes.Sqrt(residual * variance), ref effects.StandardErrors[lane]);
            TLanes.Store(Satterthwaite(tile, lane, residual, variance, slope), ref effects.Degrees[lane]);
        }
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
