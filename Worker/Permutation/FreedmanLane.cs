using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// Residuals of each hypothesis' nuisance part are shuffled and fitted on the whole model (Freedman and Lane 1983; Winkler et al. 2014).
/// </summary>
/// <remarks>
/// With Q the basis, E the residuals on the common nuisance part, P the shuffle and v the projection of Q'E on a hypothesis' own nuisance
/// part, the fit of P (E - Q v) has the coordinates Q'P E - (Q'P Q) v. The first product, (P'Q)'E, is the same for all hypotheses. The
/// squares of the shuffled residuals are those of the residuals, so that the residual sum of squares is a difference.
/// </remarks>
/// <param name="design">The design.</param>
internal class FreedmanLane(ShuffledDesign design) : ShuffleMethod(design)
{
    /// <summary>Values of a row of the cross product, whose last are padding.</summary>
    private readonly int _crossStride = Stride(design);

    /// <summary>The columns of the basis in which hypotheses differ, row by row and padded; empty: none has a nuisance part.</summary>
    private readonly double[] _origins = design.Hypotheses.Any(one => one.Nuisance is not null) ? Origins(design) : [];

    /// <inheritdoc/>
    public sealed override int Columns => Design.Rank - Design.Skipped;

    /// <inheritdoc/>
    public sealed override int CrossLength => _origins.Length > 0 ? Columns * _crossStride : 0;

    /// <inheritdoc/>
    public sealed override void Pack(ReadOnlySpan<int> source, in Panels panels, int first, Span<double> cross)
    {
        Span<int> columns = stackalloc int[Columns];
        for (var column = 0; column < Columns; column++)
            columns[column] = panels.PlaceOf(first + column);
        ref var values = ref MemoryMarshal.GetReference(panels.Values);
        ref var basis = ref MemoryMarshal.GetArrayDataReference(Design.Basis);
        for (var row = 0; row < source.Length; row++)
        {
            // The complement has the sign that flips.
            var flips = source[row] >> 31;
            var place = (source[row] ^ flips) * ProductKernel.Panel;
            var sign = (long)flips << 63;
            ref var targets = ref Unsafe.Add(ref basis, (row * Design.Rank) + Design.Skipped);
            for (var column = 0; column < columns.Length; column++)
                Unsafe.Add(ref values, columns[column] + place) = BitConverter.Int64BitsToDouble(
                    BitConverter.DoubleToInt64Bits(Unsafe.Add(ref targets, column)) ^ sign
                );
        }
        if (_origins.Length > 0)
            Multiply(source, cross);
    }

    /// <summary>Q'P Q, in ascending order of rows; four columns at a time, whose sums are in registers.</summary>
    private void Multiply(ReadOnlySpan<int> source, Span<double> cross)
    {
        var (rank, skipped, last) = (Design.Rank, Design.Skipped, Columns - 1);
        for (var column = 0; column <= last; column += 4)
        for (var k = 0; k < _crossStride; k += Vector256<double>.Count)
        {
            // Columns beyond the last are the last again.
            var (second, third, fourth) = (Math.Min(column + 1, last), Math.Min(column + 2, last), Math.Min(column + 3, last));
            var (a, b) = (Vector256<double>.Zero, Vector256<double>.Zero);
            var (c, d) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var row = 0; row < source.Length; row++)
            {
                var from = source[row];
                var origin = Vector256.Create(_origins.AsSpan(((from >= 0 ? from : ~from) * _crossStride) + k));
                origin = from >= 0 ? origin : -origin;
                var target = Design.Basis.AsSpan((row * rank) + skipped, last + 1);
                a += origin * target[column];
                b += origin * target[second];
                c += origin * target[third];
                d += origin * target[fourth];
            }
            a.CopyTo(cross[((column * _crossStride) + k)..]);
            b.CopyTo(cross[((second * _crossStride) + k)..]);
            c.CopyTo(cross[((third * _crossStride) + k)..]);
            d.CopyTo(cross[((fourth * _crossStride) + k)..]);
        }
    }

    private static int Stride(ShuffledDesign design) =>
        (design.Varying + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;

    private static double[] Origins(ShuffledDesign design)
    {
        var stride = Stride(design);
        var origins = new double[design.Rows * stride];
        for (var row = 0; row < design.Rows; row++)
            design.Basis.AsSpan((row * design.Rank) + design.Common, design.Varying).CopyTo(origins.AsSpan(row * stride));
        return origins;
    }

    /// <inheritdoc/>
    public override void Evaluate(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        Span<double> workspace,
        Span<double> statistics
    )
    {
        var (tested, varying, first) = (Design.Hypotheses[hypothesis], Design.Varying, Columns - Design.Varying);
        var degrees = Vector512.Create((double)Design.ResidualDegrees);
        for (var lane = 0; lane < TileKernel.Width; lane += Vector512<double>.Count)
        {
            var fitted = Coordinates(tile, shuffle, hypothesis, lane, workspace);
            var residual = ResidualSquares(tile, shuffle, hypothesis, lane, workspace, fitted);
            Statistic(tested, workspace, varying, first, lane, residual / degrees).CopyTo(statistics[lane..]);
        }
    }

    /// <summary>The coordinates of the shuffled fit, into the workspace; returns the sum of their squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected Vector512<double> Coordinates(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        int lane,
        Span<double> workspace
    )
    {
        var (columns, fitted) = (Columns, Vector512<double>.Zero);
        var length = columns * TileKernel.Width;
        ref var sums = ref Unsafe.Add(ref MemoryMarshal.GetReference(shuffle.Sums[..length]), lane);
        ref var coordinates = ref Unsafe.Add(ref MemoryMarshal.GetReference(workspace[..length]), lane);
        if (Design.Hypotheses[hypothesis].Nuisance is null)
        {
            for (var at = 0; at < length; at += TileKernel.Width)
            {
                var coordinate = Vector512.LoadUnsafe(ref sums, (nuint)at);
                coordinate.StoreUnsafe(ref coordinates, (nuint)at);
                fitted += coordinate * coordinate;
            }
            return fitted;
        }
        var varying = Design.Varying * TileKernel.Width;
        ref var nuisance = ref Unsafe.Add(ref MemoryMarshal.GetReference(tile.Nuisance(hypothesis)), lane);
        for (var column = 0; column < columns; column++)
        {
            ref var cross = ref MemoryMarshal.GetReference(shuffle.Cross.Slice(column * _crossStride, _crossStride));
            var coordinate = Vector512.LoadUnsafe(ref sums, (nuint)(column * TileKernel.Width));
            for (var at = 0; at < varying; at += TileKernel.Width)
            {
                coordinate -= Vector512.Create(cross) * Vector512.LoadUnsafe(ref nuisance, (nuint)at);
                cross = ref Unsafe.Add(ref cross, 1);
            }
            coordinate.StoreUnsafe(ref coordinates, (nuint)(column * TileKernel.Width));
            fitted += coordinate * coordinate;
        }
        return fitted;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Statistic(
        ShuffledHypothesis tested,
        ReadOnlySpan<double> coordinates,
        int varying,
        int first,
        int lane,
        Vector512<double> variance
    )
    {
        var (product, squares) = (Vector512<double>.Zero, Vector512<double>.Zero);
        ref var varied = ref Unsafe.Add(
            ref MemoryMarshal.GetReference(coordinates.Slice(first * TileKernel.Width, varying * TileKernel.Width)),
            lane
        );
        ref var directions = ref MemoryMarshal.GetReference(tested.Directions.AsSpan(0, tested.Degrees * varying));
        for (var direction = 0; direction < tested.Degrees; direction++)
        {
            product = Vector512<double>.Zero;
            for (var k = 0; k < varying; k++)
            {
                product += Vector512.Create(directions) * Vector512.LoadUnsafe(ref varied, (nuint)(k * TileKernel.Width));
                directions = ref Unsafe.Add(ref directions, 1);
            }
            squares += product * product;
        }
        return tested.Space.IsSigned ? product / Vector512.Sqrt(variance) : squares / Vector512.Create((double)tested.Degrees) / variance;
    }

    /// <inheritdoc/>
    protected sealed override double TestedSquares(int hypothesis, ReadOnlySpan<double> coordinates, int lane)
    {
        var (tested, varying, squares) = (Design.Hypotheses[hypothesis], Design.Varying, 0.0);
        for (var direction = 0; direction < tested.Degrees; direction++)
        {
            var product = 0.0;
            for (var k = 0; k < varying; k++)
                product += tested.Directions[(direction * varying) + k] * coordinates[((Columns - varying + k) * TileKernel.Width) + lane];
            squares += product * product;
        }
        return squares;
    }

    /// <inheritdoc/>
    protected sealed override double Residual(
        in ResidualTile tile,
        in PackedShuffle shuffle,
        int hypothesis,
        ReadOnlySpan<double> coordinates,
        int row,
        int lane
    )
    {
        var source = shuffle.Source[row];
        var residual = source >= 0 ? OfNuisance(tile, hypothesis, source, lane) : -OfNuisance(tile, hypothesis, ~source, lane);
        for (var column = 0; column < Columns; column++)
            residual -= Design.Basis[(row * Design.Rank) + Design.Skipped + column] * coordinates[(column * TileKernel.Width) + lane];
        return residual;
    }
}
