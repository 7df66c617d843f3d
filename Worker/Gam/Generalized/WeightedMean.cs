namespace HpcFit.Worker.Gam.Generalized;

/// <summary>The mean of values with weights.</summary>
internal static class WeightedMean
{
    /// <summary>Σ w y / Σ w.</summary>
    public static double Compute(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0,
            total = 0;
        for (var i = 0; i < values.Length; i++)
        {
            sum += weights[i] * values[i];
            total += weights[i];
        }
        return sum / total;
    }
}
