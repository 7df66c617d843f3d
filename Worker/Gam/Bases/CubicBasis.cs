using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>
/// Cubic regression splines parameterised by their values at the knots: natural (<c>bs="cr"</c>, <c>"cs"</c>) and cyclic (<c>"cc"</c>).
/// </summary>
/// <remarks>
/// Wood 2017 (2nd ed.), §5.3.1 (table 5.1) and §5.3.2; knots are at evenly spaced quantiles of the unique covariate values.
/// </remarks>
internal static class CubicBasis
{
    /// <summary>The knots of the smallest basis: a straight line and one curve.</summary>
    private const int SmallestSize = 3;

    /// <summary>Evenly spaced quantiles (R's type 7) of the unique values.</summary>
    public static double[] PlaceKnots(double[] values, int count, string name)
    {
        var unique = values.Distinct().Order().ToArray();
        if (unique.Length < count)
            throw new SmoothBasisException(
                $"{name} has {unique.Length} unique covariate values, fewer than its {count} knots; "
                    + $"{SmoothBasisException.Advice(unique.Length, SmallestSize)}."
            );
        var knots = new double[count];
        for (var i = 0; i < count; i++)
        {
            var position = (double)i * (unique.Length - 1) / (count - 1);
            var low = Math.Min((int)position, unique.Length - 2);
            var part = position - low;
            knots[i] =
                part == 0 ? unique[low]
                : part == 1 ? unique[low + 1]
                : unique[low] * (1 - part) + unique[low + 1] * part;
        }
        return knots;
    }

    /// <summary>Builds the basis with one function per knot (cyclic: the last knot is identified with the first).</summary>
    public static Basis Build(double[] values, double[] knots, bool cyclic)
    {
        var (second, penalty) = cyclic ? Cyclic(knots) : Natural(knots);
        return new Basis(Evaluate(values, knots, second, cyclic), [penalty], cyclic ? 1 : 2)
        {
            At = points => Evaluate(points[0], knots, second, cyclic),
            SlopeAt = points => Slopes(points[0], knots, second, cyclic),
        };
    }

    private static (DenseMatrix Second, DenseMatrix Penalty) Natural(double[] knots)
    {
        var k = knots.Length;
        var d = new DenseMatrix(k - 2, k);
        var b = new DenseMatrix(k - 2, k - 2);
        for (var i = 0; i < k - 2; i++)
        {
            double h = knots[i + 1] - knots[i],
                next = knots[i + 2] - knots[i + 1];
            d[i, i] = 1 / h;
            d[i, i + 1] = -1 / h - 1 / next;
            d[i, i + 2] = 1 / next;
            b[i, i] = (h + next) / 3;
            if (i < k - 3)
                b[i, i + 1] = b[i + 1, i] = next / 6;
        }
        var inner = LinearSolve.General(b, d);
        var second = new DenseMatrix(k, k);
        for (var i = 0; i < k - 2; i++)
            inner.Row(i).CopyTo(second.Row(i + 1));
        return (second, Symmetric(d.Transposed().Times(inner)));
    }

    private static (DenseMatrix Second, DenseMatrix Penalty) Cyclic(double[] knots)
    {
        var n = knots.Length - 1;
        var d = new DenseMatrix(n, n);
        var b = new DenseMatrix(n, n);
        for (var i = 0; i < n; i++)
        {
            int before = (i + n - 1) % n,
                after = (i + 1) % n;
            double h = knots[before + 1] - knots[before],
                next = knots[i + 1] - knots[i];
            b[i, i] += (h + next) / 3;
            b[i, before] += h / 6;
            b[i, after] += next / 6;
            d[i, i] -= 1 / h + 1 / next;
            d[i, before] += 1 / h;
            d[i, after] += 1 / next;
        }
        var second = LinearSolve.General(b, d);
        return (second, Symmetric(d.Transposed().Times(second)));
    }

    private static DenseMatrix Evaluate(double[] values, double[] knots, DenseMatrix second, bool cyclic)
    {
        var functions = second.Columns;
        var x = new DenseMatrix(values.Length, functions);
        for (var r = 0; r < values.Length; r++)
        {
            var v = cyclic ? Wrap(values[r], knots[0], knots[^1]) : values[r];
            var j = Interval(v, knots);
            var h = knots[j + 1] - knots[j];
            var clamped = cyclic ? v : Math.Clamp(v, knots[0], knots[^1]);
            double below = clamped - knots[j],
                above = knots[j + 1] - clamped;
            int left = j,
                right = cyclic ? (j + 1) % functions : j + 1;
            double weightLeft = above / h,
                weightRight = below / h;
            double curveLeft = (above * above * above / h - h * above) / 6,
                curveRight = (below * below * below / h - h * below) / 6;
            var beyond = v - clamped; // a natural spline continues as a straight line
            if (beyond != 0)
            {
                weightLeft -= beyond / h;
                weightRight += beyond / h;
                curveLeft += beyond * (h - 3 * above * above / h) / 6;
                curveRight += beyond * (3 * below * below / h - h) / 6;
            }
            var row = x.Row(r);
            for (var c = 0; c < functions; c++)
                row[c] = curveLeft * second[left, c] + curveRight * second[right, c];
            row[left] += weightLeft;
            row[right] += weightRight;
        }
        return x;
    }

    /// <summary>The functions' derivatives; beyond the knots of a natural spline those at its ends.</summary>
    private static DenseMatrix Slopes(double[] values, double[] knots, DenseMatrix second, bool cyclic)
    {
        var functions = second.Columns;
        var x = new DenseMatrix(values.Length, functions);
        for (var r = 0; r < values.Length; r++)
        {
            var v = cyclic ? Wrap(values[r], knots[0], knots[^1]) : Math.Clamp(values[r], knots[0], knots[^1]);
            var j = Interval(v, knots);
            double h = knots[j + 1] - knots[j],
                below = v - knots[j],
                above = knots[j + 1] - v;
            int left = j,
                right = cyclic ? (j + 1) % functions : j + 1;
            var row = x.Row(r);
            for (var c = 0; c < functions; c++)
                row[c] = ((h - 3 * above * above / h) * second[left, c] + (3 * below * below / h - h) * second[right, c]) / 6;
            row[left] -= 1 / h;
            row[right] += 1 / h;
        }
        return x;
    }

    private static double Wrap(double value, double low, double high)
    {
        if (value >= low && value <= high)
            return value;
        var period = high - low;
        return value - Math.Floor((value - low) / period) * period;
    }

    private static int Interval(double value, double[] knots)
    {
        var j = 0;
        while (j < knots.Length - 2 && value >= knots[j + 1])
            j++;
        return j;
    }

    private static DenseMatrix Symmetric(DenseMatrix matrix)
    {
        for (var i = 0; i < matrix.Rows; i++)
        for (var j = 0; j < i; j++)
            matrix[i, j] = matrix[j, i] = (matrix[i, j] + matrix[j, i]) / 2;
        return matrix;
    }
}
