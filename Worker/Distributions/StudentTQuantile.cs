namespace HpcFit.Worker.Distributions;

/// <summary>Quantiles of Student's t.</summary>
internal static class StudentTQuantile
{
    private const int MaxSteps = 200;

    /// <summary>The t > 0 with P(|T| > t) = p: the half-width, in standard errors, of a confidence interval of coverage 1 - p.</summary>
    /// <remarks>
    /// Bisection of [low, high] until both are neighbouring numbers or the tail probability is exact: the same bits everywhere.
    /// </remarks>
    /// <param name="p">Between 0 and 1.</param>
    /// <param name="df">Degrees of freedom, not necessarily whole; NaN and degrees that are not positive yield NaN.</param>
    public static double TwoSided(double p, double df)
    {
        if (!(df > 0))
            return double.NaN;
        var tail = new StudentTTail(df);
        double low = 0,
            high = 1;
        while (tail.P(high) > p && high < double.MaxValue / 2)
            (low, high) = (high, high * 2);
        for (var step = 0; step < MaxSteps; step++)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
                break;
            if (tail.P(middle) > p)
                low = middle;
            else
                high = middle;
        }
        return high;
    }
}
