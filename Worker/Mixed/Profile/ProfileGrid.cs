using HpcFit.Worker.Algebra;
using HpcFit.Worker.Distributions;

namespace HpcFit.Worker.Mixed.Profile;

/// <summary>
/// Points t of the search for the ratio of variances, with what does not depend on the response: factors of Q'V⁻¹Q and determinants. A wide
/// grid, so that the global minimum of a criterion with several is found.
/// </summary>
internal sealed class ProfileGrid
{
    /// <summary>The number of points; the first is t = 0.</summary>
    public const int Points = 26;

    private const double SmallestTheta = 0.02;
    private const double Ratio = 1.6;

    private double[] _factors = [];
    private double[] _shrinkage = [];
    private int _rank;
    private int _classes;

    /// <summary>t = θ² of each point, ascending.</summary>
    public static double[] Values { get; } = CreateValues();

    /// <summary>ln |V| + ln |Q'V⁻¹Q| of each point.</summary>
    public double[] RestrictedLogDeterminants { get; } = new double[Points];

    /// <summary>ln |V| of each point.</summary>
    public double[] LogDeterminants { get; } = new double[Points];

    /// <summary>The Cholesky factor at a point, lower, row-major.</summary>
    public ReadOnlySpan<double> Factor(int point) => _factors.AsSpan(point * _rank * _rank, _rank * _rank);

    /// <summary>v of each class at a point.</summary>
    public ReadOnlySpan<double> Shrinkage(int point) => _shrinkage.AsSpan(point * _classes, _classes);

    /// <summary>Computes the points of a design.</summary>
    public void Compute(GroupedDesign design)
    {
        (_rank, _classes) = (design.Rank, design.Classes);
        if (_factors.Length < Points * _rank * _rank)
            _factors = new double[Points * _rank * _rank];
        if (_shrinkage.Length < Points * _classes)
            _shrinkage = new double[Points * _classes];
        for (var point = 0; point < Points; point++)
        {
            var shrinkage = _shrinkage.AsSpan(point * _classes, _classes);
            var logDeterminant = ShrinkageAt(design, Values[point], shrinkage);
            var factor = _factors.AsSpan(point * _rank * _rank, _rank * _rank);
            Information(design, shrinkage, factor);
            LogDeterminants[point] = logDeterminant;
            RestrictedLogDeterminants[point] = logDeterminant + FactorInformation(factor, _rank);
        }
    }

    /// <summary>v of each class; returns ln |V|, without the weights' part.</summary>
    public static double ShrinkageAt(GroupedDesign design, double t, Span<double> shrinkage)
    {
        var log = 0.0;
        for (var k = 0; k < design.Classes; k++)
        {
            shrinkage[k] = 1 / (1 + (t * design.Mass[k]));
            log += design.Count[k] * ReproducibleMath.Log1p(t * design.Mass[k]);
        }
        return log;
    }

    /// <summary>Q'V⁻¹Q.</summary>
    public static void Information(GroupedDesign design, ReadOnlySpan<double> shrinkage, Span<double> target)
    {
        var size = design.Rank * design.Rank;
        design.Within.AsSpan(0, size).CopyTo(target);
        for (var k = 0; k < design.Classes; k++)
        {
            var factor = shrinkage[k] / design.Mass[k];
            var products = design.Products.AsSpan(k * size, size);
            for (var i = 0; i < size; i++)
                target[i] += factor * products[i];
        }
    }

    /// <summary>
    /// Replaces Q'V⁻¹Q by its Cholesky factor; returns the logarithm of its determinant, NaN if rounding made it indefinite.
    /// </summary>
    public static double FactorInformation(Span<double> information, int rank) =>
        Cholesky.TryFactor(information, rank) ? Cholesky.LogDeterminant(information, rank) : double.NaN;

    private static double[] CreateValues()
    {
        var values = new double[Points];
        var theta = SmallestTheta;
        for (var point = 1; point < Points; point++, theta *= Ratio)
            values[point] = theta * theta;
        return values;
    }
}
