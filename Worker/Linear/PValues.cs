using HpcFit.Worker.Distributions;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Linear;

/// <summary>
/// Replaces statistics by p-values or their -log10, for consecutive elements that share their degrees of freedom. A workspace of one
/// thread.
/// </summary>
/// <param name="wholeCohortDegrees">The residual degrees of freedom of elements without missing subjects; NaN: no tables.</param>
/// <param name="kernel">Whether registers are used; the bits are the same.</param>
internal sealed class PValues(double wholeCohortDegrees, KernelChoice kernel)
{
    private readonly bool _inRegisters = kernel == KernelChoice.Auto;
    private readonly TailTables _tails = new(wholeCohortDegrees);
    private double[] _values = [];

    /// <summary>Two-sided p-values of t.</summary>
    /// <param name="target">t; receives the p-values. NaN where there are no degrees of freedom.</param>
    /// <param name="degrees">The degrees of freedom.</param>
    /// <param name="negativeLog10">Whether the results are -log10 p.</param>
    public void OfT(Span<double> target, double degrees, bool negativeLog10)
    {
        if (!(degrees > 0))
            target.Fill(double.NaN);
        else if (!negativeLog10 && _tails.Tabulated(1, degrees) is { } table)
            LookUp(table, target, isRoot: true);
        else
            TTails(_tails.StudentT(degrees), negativeLog10, Copy(target), target);
    }

    /// <summary>Upper p-values of F.</summary>
    /// <param name="target">F; receives the p-values. NaN where there are no degrees of freedom.</param>
    /// <param name="numerator">The degrees of freedom of the numerator.</param>
    /// <param name="denominator">Those of the denominator.</param>
    /// <param name="negativeLog10">Whether the results are -log10 p.</param>
    public void OfF(Span<double> target, double numerator, double denominator, bool negativeLog10)
    {
        if (!(numerator > 0 && denominator > 0))
            target.Fill(double.NaN);
        else if (!negativeLog10 && _tails.Tabulated(numerator, denominator) is { } table)
            LookUp(table, target, isRoot: false);
        else
            FTails(_tails.FisherF(numerator, denominator), negativeLog10, Copy(target), target);
    }

    private ReadOnlySpan<double> Copy(ReadOnlySpan<double> statistics)
    {
        if (_values.Length < statistics.Length)
            _values = new double[statistics.Length];
        statistics.CopyTo(_values);
        return _values.AsSpan(0, statistics.Length);
    }

    private void LookUp(TabulatedTail table, Span<double> target, bool isRoot)
    {
        var statistics = Copy(target);
        if (_inRegisters)
            table.P(statistics, target, isRoot);
        else
            for (var i = 0; i < target.Length; i++)
                target[i] = table.P(statistics[i], isRoot);
    }

    private void TTails(in StudentTTail tail, bool negativeLog10, ReadOnlySpan<double> t, Span<double> tails)
    {
        if (negativeLog10)
            tail.LogP(t, tails);
        else if (_inRegisters)
            tail.P(t, tails);
        else
            for (var i = 0; i < t.Length; i++)
                tails[i] = tail.P(t[i]);
        if (negativeLog10)
            ToNegativeLog10(tails);
    }

    private void FTails(in FisherFTail tail, bool negativeLog10, ReadOnlySpan<double> f, Span<double> tails)
    {
        if (negativeLog10)
            tail.LogP(f, tails);
        else if (_inRegisters)
            tail.P(f, tails);
        else
            for (var i = 0; i < f.Length; i++)
                tails[i] = tail.P(f[i]);
        if (negativeLog10)
            ToNegativeLog10(tails);
    }

    private static void ToNegativeLog10(Span<double> logs)
    {
        foreach (ref var log in logs)
            log = -log / ReproducibleMath.LnTen;
    }
}
