namespace HpcFit.Worker.Formulas.Evaluation;

/// <summary>Sums over a column, in a fixed order, and R's quantiles.</summary>
internal static class Statistics
{
    /// <summary>Σ aᵢ bᵢ, from the first to the last.</summary>
    public static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary><c>from -= factor · what</c>.</summary>
    public static void Subtract(double[] from, double factor, double[] what)
    {
        for (var i = 0; i < from.Length; i++)
            from[i] -= factor * what[i];
    }

    /// <summary>The mean, corrected once by the mean of the deviations.</summary>
    public static double Mean(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        var correction = 0.0;
        foreach (var value in values)
            correction += value - mean;
        return mean + correction / values.Length;
    }

    /// <summary>The standard deviation with denominator n - 1; NaN for fewer than two values.</summary>
    public static double StandardDeviation(double[] values) => Math.Sqrt(Variance(values));

    /// <summary>The variance with denominator n - 1; NaN for fewer than two values.</summary>
    public static double Variance(double[] values)
    {
        var mean = Mean(values);
        var centred = Array.ConvertAll(values, value => value - mean);
        return Dot(centred, centred) / (values.Length - 1);
    }

    /// <summary>Quantiles of sorted values, type 7 of Hyndman and Fan (1996), R's default.</summary>
    public static double Quantile(double[] sorted, double probability)
    {
        var at = (sorted.Length - 1) * probability;
        // As in R, a position within rounding error of an integer is an integer.
        var low = (int)Math.Floor(at + 1e-12);
        var part = at - low;
        if (Math.Abs(part) < 1e-12)
            part = 0;
        return part == 0 || low + 1 >= sorted.Length
            ? sorted[Math.Min(low, sorted.Length - 1)]
            : ((1 - part) * sorted[low]) + (part * sorted[low + 1]);
    }
}
