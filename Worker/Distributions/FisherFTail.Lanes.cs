using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Distributions;

/// <content>The tails of many values in registers: each lane performs the same operations in the same order as the scalar form, hence the
/// same bits.</content>
internal readonly partial struct FisherFTail
{
    /// <summary>Positive statistics up to this value are computed in registers; all others one by one.</summary>
    private const double LargestRegular = 1e100;

    /// <summary>Below this logarithm the factor alone would lose bits that its product with the fraction retains.</summary>
    private const double SmallestFactor = -700;

    /// <summary>P(F > f) of each value, or with <paramref name="isRoot"/> P(F > t²), in the widest registers of this machine.</summary>
    internal void PInLanes(ReadOnlySpan<double> statistics, Span<double> p, bool isRoot)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
            PInLanes<Lanes512>(statistics, p, isRoot);
        else if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
            PInLanes<Lanes256>(statistics, p, isRoot);
        else if (Vector128.IsHardwareAccelerated)
            PInLanes<Lanes128>(statistics, p, isRoot);
        else
            PInLanes<ScalarLane>(statistics, p, isRoot);
    }

    /// <summary>The same for one register type.</summary>
    internal void PInLanes<TLanes>(ReadOnlySpan<double> statistics, Span<double> p, bool isRoot)
        where TLanes : struct, ILanes<TLanes>
    {
        var whole = double.IsNaN(_d1) || double.IsNaN(_d2) ? 0 : statistics.Length / TLanes.Count * TLanes.Count;
        Span<double> asked = stackalloc double[TLanes.Count];
        Span<double> mask = stackalloc double[TLanes.Count];
        for (var i = 0; i < whole; i += TLanes.Count)
        {
            // The results may overwrite the statistics.
            statistics.Slice(i, TLanes.Count).CopyTo(asked);
            var regular = PRegular(TLanes.Load(in MemoryMarshal.GetReference(asked)), isRoot, out var tail);
            TLanes.Store(tail, ref p[i]);
            if (TLanes.All(regular))
                continue;
            TLanes.Store(regular, ref mask[0]);
            for (var lane = 0; lane < TLanes.Count; lane++)
                if (mask[lane] == 0)
                    p[i + lane] = P(asked[lane], isRoot);
        }
        for (var i = whole; i < statistics.Length; i++)
            p[i] = P(statistics[i], isRoot);
    }

    /// <summary>P(F > f), or with <paramref name="isRoot"/> P(F > t²).</summary>
    internal double P(double statistic, bool isRoot) =>
        isRoot ? P(StudentTTail.Square(statistic), StudentTTail.Excess(statistic)) : P(statistic, statistic - 1);

    /// <summary>The tails of a register; returns a mask of the lanes where they are valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes PRegular<TLanes>(TLanes statistic, bool isRoot, out TLanes tail)
        where TLanes : struct, ILanes<TLanes>
    {
        var one = TLanes.Broadcast(1);
        var f = isRoot ? statistic * statistic : statistic;
        var excess = isRoot ? (statistic - one) * (statistic + one) : statistic - one;
        var regular = TLanes.WhereSet(TLanes.LessThan(default, f), TLanes.LessThan(f, TLanes.Broadcast(LargestRegular)));
        f = TLanes.Select(regular, f, one);
        excess = TLanes.WhereSet(regular, excess);

        var ratio = TLanes.Broadcast(_d1 / _d2) * f;
        var x = one / (one + ratio);
        var y = TLanes.Select(TLanes.LessThan(ratio, one), ratio * x, one / (one + one / ratio));
        var deviation = TLanes.Broadcast(_d1 / _d2) * excess * x;
        var (a, b) = (_d2 / 2, _d1 / 2);
        var lambda = TLanes.Broadcast(a) * deviation;
        var log =
            TLanes.Broadcast(_logScale)
            - TLanes.Broadcast(a) * DivergenceOfX(TLanes.Broadcast(-1) * deviation, ratio)
            - TLanes.Broadcast(b) * DivergenceOfY(TLanes.Broadcast(_d2 / _d1) * deviation, ratio, f);

        var isLower = TLanes.LessThan(lambda, TLanes.Broadcast(_swapBelow));
        var isUpper = TLanes.LessThanOrEqual(TLanes.Broadcast(_swapBelow), lambda);
        TLanes fraction = default;
        if (TLanes.Any(isLower))
            fraction = _lower.At(y, x, TLanes.Broadcast(-1) * lambda, isLower);
        if (TLanes.Any(isUpper))
            fraction = TLanes.Select(isLower, fraction, _upper.At(x, y, lambda, isUpper));
        var product = ReproducibleMath.Exp(log) * fraction;
        tail = TLanes.Select(isLower, one - product, product);
        var isTiny = TLanes.Drop(isLower, TLanes.LessThan(log, TLanes.Broadcast(SmallestFactor)));
        return TLanes.Drop(isTiny, regular);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes DivergenceOfX<TLanes>(TLanes e, TLanes ratio)
        where TLanes : struct, ILanes<TLanes>
    {
        var divergence = ReproducibleMath.LogDivergence(e);
        var isSmall = IsSmall(e);
        return TLanes.All(isSmall) ? divergence : TLanes.Select(isSmall, divergence, e - LogXOverX0(ratio));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TLanes DivergenceOfY<TLanes>(TLanes e, TLanes ratio, TLanes f)
        where TLanes : struct, ILanes<TLanes>
    {
        var divergence = ReproducibleMath.LogDivergence(e);
        var isSmall = IsSmall(e);
        if (TLanes.All(isSmall))
            return divergence;
        var isPositive = TLanes.LessThan(default, e);
        var log = TLanes.Select(
            isPositive,
            ReproducibleMath.Log1p(TLanes.WhereSet(isPositive, e)),
            ReproducibleMath.Log(f) + LogXOverX0(ratio)
        );
        return TLanes.Select(isSmall, divergence, e - log);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes LogXOverX0<TLanes>(TLanes ratio)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Broadcast(ReproducibleMath.Log1p(_d1 / _d2)) + TLanes.Broadcast(-1) * ReproducibleMath.Log1p(ratio);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes IsSmall<TLanes>(TLanes e)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.WhereSet(TLanes.LessThan(TLanes.Broadcast(-0.4), e), TLanes.LessThan(e, TLanes.Broadcast(0.6)));
}
