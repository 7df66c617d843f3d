using HpcFit.Worker.Algebra;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>B-splines on given knots, and their derivatives.</summary>
/// <remarks>De Boor 2001, A Practical Guide to Splines, ch. IX (recursion) and X (derivatives).</remarks>
internal static class BSplines
{
    /// <summary>
    /// All B-splines at points between the boundary knots, <c>knots[degree]</c> and the one with as many knots after it; beyond them the
    /// polynomials of the outermost intervals are continued.
    /// </summary>
    /// <param name="points">The points.</param>
    /// <param name="knots">The knots, ascending.</param>
    /// <param name="degree">The degree of the polynomials.</param>
    /// <param name="derivative">The order of the derivative, at most the degree; 0: the functions.</param>
    public static DenseMatrix Evaluate(double[] points, double[] knots, int degree, int derivative = 0)
    {
        var x = new DenseMatrix(points.Length, knots.Length - degree - 1);
        var b = new double[knots.Length];
        for (var r = 0; r < points.Length; r++)
        {
            var interval = degree;
            while (interval < knots.Length - degree - 2 && points[r] >= knots[interval + 1])
                interval++;
            Evaluate(points[r], interval, knots, degree, derivative, b);
            b.AsSpan(0, x.Columns).CopyTo(x.Row(r));
        }
        return x;
    }

    /// <summary>The polynomials, or their derivatives, that the B-splines are between two adjacent knots.</summary>
    /// <param name="interval">The index of the first of the two knots.</param>
    /// <param name="points">The points.</param>
    /// <param name="knots">The knots, ascending.</param>
    /// <param name="degree">The degree of the polynomials.</param>
    /// <param name="derivative">The order of the derivative.</param>
    public static DenseMatrix EvaluateWithin(int interval, double[] points, double[] knots, int degree, int derivative)
    {
        var x = new DenseMatrix(points.Length, knots.Length - degree - 1);
        var b = new double[knots.Length];
        for (var r = 0; r < points.Length; r++)
        {
            Evaluate(points[r], interval, knots, degree, derivative, b);
            b.AsSpan(0, x.Columns).CopyTo(x.Row(r));
        }
        return x;
    }

    private static void Evaluate(double v, int interval, double[] knots, int degree, int derivative, double[] b)
    {
        Array.Clear(b);
        b[interval] = 1;
        for (var p = 1; p <= degree - derivative; p++)
        for (var i = 0; i < knots.Length - 1 - p; i++)
            b[i] =
                Ratio((v - knots[i]) / (knots[i + p] - knots[i])) * b[i]
                + Ratio((knots[i + p + 1] - v) / (knots[i + p + 1] - knots[i + 1])) * b[i + 1];
        for (var p = degree - derivative + 1; p <= degree; p++)
        for (var i = 0; i < knots.Length - 1 - p; i++)
            b[i] = Ratio(p / (knots[i + p] - knots[i])) * b[i] - Ratio(p / (knots[i + p + 1] - knots[i + 1])) * b[i + 1];
    }

    /// <summary>The same, continued as straight lines beyond the boundary knots.</summary>
    public static DenseMatrix EvaluateAnywhere(double[] points, double[] knots, int degree, int derivative = 0)
    {
        double low = knots[degree],
            high = knots[^(degree + 1)];
        double[] within = [.. points.Select(v => Math.Clamp(v, low, high))];
        var x = Evaluate(within, knots, degree, derivative);
        if (derivative > 1 || degree == 0)
            return x;
        DenseMatrix? slopes = null;
        for (var r = 0; r < points.Length; r++)
        {
            if (points[r] == within[r] || derivative == 1)
                continue;
            slopes ??= Evaluate(within, knots, degree, 1);
            FixedOrder.Add(points[r] - within[r], slopes.Row(r), x.Row(r));
        }
        return x;
    }

    /// <summary>Knots that coincide support no function.</summary>
    private static double Ratio(double quotient) => double.IsFinite(quotient) ? quotient : 0;
}
