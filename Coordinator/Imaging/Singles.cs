namespace HpcFit.Coordinator.Imaging;

/// <summary>Converts doubles to float32, and finds those that would become infinite.</summary>
internal static class Singles
{
    /// <summary>Converts the values.</summary>
    /// <returns>The first finite value that became infinite; null: none.</returns>
    public static double? Convert(ReadOnlySpan<double> values, Span<float> singles)
    {
        var anyInfinite = false;
        for (var i = 0; i < values.Length; i++)
        {
            singles[i] = (float)values[i];
            anyInfinite |= float.IsInfinity(singles[i]);
        }
        return anyInfinite ? FirstBeyond(values) : null;
    }

    /// <summary>The number of finite values beyond the range of float32.</summary>
    public static int CountBeyond(ReadOnlySpan<double> values)
    {
        var count = 0;
        foreach (var value in values)
        {
            if (IsBeyond(value))
                count++;
        }
        return count;
    }

    private static double? FirstBeyond(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (IsBeyond(value))
                return value;
        }
        return null;
    }

    private static bool IsBeyond(double value) => double.IsFinite(value) && float.IsInfinity((float)value);
}
