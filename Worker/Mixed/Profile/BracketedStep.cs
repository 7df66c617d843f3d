namespace HpcFit.Worker.Mixed.Profile;

/// <summary>Steps towards a root of the criterion's derivative in the ratio t of variances, inside a bracket.</summary>
internal static class BracketedStep
{
    /// <summary>
    /// Newton's step in t, or else the one in ln t, if it stays inside the bracket; otherwise the bracket's geometric mean, a sixteenth of
    /// a bracket that begins at 0, or four times the start of one without an end.
    /// </summary>
    /// <param name="t">The ratio; inside the bracket or one of its ends.</param>
    /// <param name="slope">The derivative at t.</param>
    /// <param name="bend">The second derivative at t.</param>
    /// <param name="low">The start of the bracket.</param>
    /// <param name="high">Its end, which may be infinite.</param>
    public static double Next(double t, double slope, double bend, double low, double high)
    {
        var next = bend > 0 ? t - (slope / bend) : double.NaN;
        if (!(next > low && next < high) && slope + (t * bend) > 0)
            next = t * (1 - (slope / (slope + (t * bend))));
        if (next > low && next < high)
            return next;
        return double.IsPositiveInfinity(high) ? Math.Max(4 * low, 1)
            : low > 0 ? Math.Sqrt(low) * Math.Sqrt(high)
            : high / 16;
    }
}
