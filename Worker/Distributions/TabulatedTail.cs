using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Distributions;

/// <summary>
/// The upper tail of Fisher's F for very many statistics with the same degrees of freedom: its logarithm as piecewise polynomials in the
/// square root of the statistic, which is |t| if the numerator has one degree of freedom. It takes an eighth of the time of
/// <see cref="FisherFTail"/> in registers, agrees with it to a relative 1e-14 × (1 + |ln P|), and usually extends to where P underflows to
/// 0, as for the t of many intercepts. Statistics beyond its end are left to <see cref="FisherFTail"/>.
/// </summary>
/// <remarks>
/// ln P(F > s²) is an analytic function of s. Each cell contains its interpolant in the Chebyshev points of the first kind, which is within
/// a small multiple of the best polynomial (Trefethen, Approximation Theory and Approximation Practice, 2013, chapters 8 and 15), here
/// beyond double precision. A cell is a 64th of its distance from s = −2: the function is smoother where it is farther out. Every cell is
/// verified when it is created, and the table ends before the first one whose polynomial is not accurate.
/// </remarks>
internal sealed class TabulatedTail
{
    private const double Origin = 2;
    private const int OctaveBits = 6;
    private const int IndexShift = 52 - OctaveBits;
    private const int Cells = 5 << OctaveBits;
    private const int Terms = 8;

    /// <summary>A value of ln P whose exponential is 0.</summary>
    private const double Vanished = -746;

    /// <summary>The square root of the statistic up to which a table must extend to be useful.</summary>
    private const double Useful = 6;

    /// <summary>The error allowed in a cell, relative to 1 + |ln P|.</summary>
    private const double Tolerance = 1e-14;

    private static readonly long FirstIndex = BitConverter.DoubleToInt64Bits(Origin) >> IndexShift;

    /// <summary>cos((2 k + 1) π / 16).</summary>
    private static readonly double[] Points =
    [
        0.98078528040323044913,
        0.83146961230254523708,
        0.55557023301960222474,
        0.19509032201612826785,
        -0.19509032201612826785,
        -0.55557023301960222474,
        -0.83146961230254523708,
        -0.98078528040323044913,
    ];

    private readonly FisherFTail _tail;
    private readonly double[] _terms = new double[Cells * Terms];
    private readonly double _end;
    private readonly double _zeroFrom;

    private TabulatedTail(double d1, double d2)
    {
        _tail = new(d1, d2, FisherFTail.TableFor(Cells));
        for (var cell = 0; cell < Cells; cell++)
        {
            var (centre, width) = Place(cell);
            if (Direct(centre - (width / 2)) <= Vanished)
                break;
            Interpolate(cell, centre, width);
            if (!IsAccurate(cell, centre, width))
                break;
            _end = centre + (width / 2);
        }
        _zeroFrom = Math.Max(_end, 1);
        // With few degrees of freedom the tail is not negligible at any relevant statistic.
        while (Direct(_zeroFrom) > Vanished)
            _zeroFrom = _zeroFrom < 1e100 ? _zeroFrom * 1.0625 : double.PositiveInfinity;
    }

    /// <summary>The table, or null if it would end before most statistics.</summary>
    /// <param name="d1">Degrees of freedom of the numerator.</param>
    /// <param name="d2">Degrees of freedom of the denominator.</param>
    public static TabulatedTail? TryCreate(double d1, double d2)
    {
        var table = new TabulatedTail(d1, d2);
        return table._end >= Useful ? table : null;
    }

    /// <summary>P(F > f), or with <paramref name="isRoot"/> P(F > t²); NaN for NaN.</summary>
    public double P(double statistic, bool isRoot)
    {
        var s = Root(statistic, isRoot);
        return IsBeyond(s) ? _tail.P(statistic, isRoot) : ReproducibleMath.Exp(s < _end ? LogP(s) : Vanished);
    }

    /// <summary>
    /// The same of each value, with exponentials in the widest registers of this machine; <paramref name="p"/> must not overlap.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void P(ReadOnlySpan<double> statistics, Span<double> p, bool isRoot)
    {
        var beyond = 0;
        for (var i = 0; i < p.Length; i++)
        {
            var s = Root(statistics[i], isRoot);
            var isBeyond = IsBeyond(s);
            if (isBeyond)
                beyond++;
            p[i] =
                s < _end ? LogP(s)
                : isBeyond ? 0
                : Vanished;
        }
        ReproducibleMath.Exp(p);
        for (var i = 0; beyond > 0; i++)
        {
            if (!IsBeyond(Root(statistics[i], isRoot)))
                continue;
            p[i] = _tail.P(statistics[i], isRoot);
            beyond--;
        }
    }

    /// <summary>Whether s is between the table's end and where P is 0, or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsBeyond(double s) => !(s < _end || s > _zeroFrom);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Root(double statistic, bool isRoot) => isRoot ? Math.Abs(statistic) : Math.Sqrt(statistic);

    /// <summary>ln P(F > s²), its cell given by the leading bits of s + 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double LogP(double s)
    {
        var index = BitConverter.DoubleToInt64Bits(Origin + s) >> IndexShift;
        var centre = BitConverter.Int64BitsToDouble((index << IndexShift) | (1L << (IndexShift - 1))) - Origin;
        // 2 / width, also a power of two: the exponents of a cell's width and of its distance differ by the bits of an octave.
        var scale = BitConverter.Int64BitsToDouble((2046 + OctaveBits + 1 - (index >> OctaveBits)) << 52);
        return At((int)(index - FirstIndex), (s - centre) * scale);
    }

    /// <summary>A cell's polynomial at u between −1 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double At(int cell, double u)
    {
        var terms = _terms.AsSpan(cell * Terms, Terms);
        var sum = terms[7];
        sum = Math.FusedMultiplyAdd(sum, u, terms[6]);
        sum = Math.FusedMultiplyAdd(sum, u, terms[5]);
        sum = Math.FusedMultiplyAdd(sum, u, terms[4]);
        sum = Math.FusedMultiplyAdd(sum, u, terms[3]);
        sum = Math.FusedMultiplyAdd(sum, u, terms[2]);
        sum = Math.FusedMultiplyAdd(sum, u, terms[1]);
        return Math.FusedMultiplyAdd(sum, u, terms[0]);
    }

    private static (double Centre, double Width) Place(int cell)
    {
        var start = BitConverter.Int64BitsToDouble((FirstIndex + cell) << IndexShift);
        var width = BitConverter.Int64BitsToDouble((FirstIndex + cell + 1) << IndexShift) - start;
        return (start + (width / 2) - Origin, width);
    }

    /// <summary>Newton's divided differences in the points, expanded in powers of u.</summary>
    private void Interpolate(int cell, double centre, double width)
    {
        Span<double> differences = stackalloc double[Terms];
        for (var k = 0; k < Terms; k++)
            differences[k] = Direct(centre + (Points[k] * width / 2));
        for (var order = 1; order < Terms; order++)
        {
            for (var k = Terms - 1; k >= order; k--)
                differences[k] = (differences[k] - differences[k - 1]) / (Points[k] - Points[k - order]);
        }
        var terms = _terms.AsSpan(cell * Terms, Terms);
        for (var k = Terms - 1; k >= 0; k--)
        {
            // terms × (u − point) + difference
            for (var power = Terms - 1; power > 0; power--)
                terms[power] = terms[power - 1] - (Points[k] * terms[power]);
            terms[0] = differences[k] - (Points[k] * terms[0]);
        }
    }

    /// <summary>Checks between the points, where the error of the interpolant is largest.</summary>
    private bool IsAccurate(int cell, double centre, double width)
    {
        foreach (var u in (ReadOnlySpan<double>)[-1, -0.7, -0.375, 0, 0.375, 0.7, 1])
        {
            var direct = Direct(centre + (u * width / 2));
            if (!(Math.Abs(At(cell, u) - direct) <= Tolerance * (1 - direct)))
                return false;
        }
        return true;
    }

    private double Direct(double s) => _tail.LogP(s * s, (s - 1) * (s + 1));
}
