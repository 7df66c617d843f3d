using HpcFit.Coordinator.Tables;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>The 95 % confidence interval of an estimate whose test is a t or z test.</summary>
internal static class EstimateInterval
{
    private const string LowName = "conf.low";
    private const string HighName = "conf.high";
    private const string ResidualDegrees = "model.df.residual";
    private const double UpperQuantile = 0.975;
    private const double FewestDegrees = 0.1;

    /// <summary>From here on, t is normal for every purpose.</summary>
    private const double MostDegrees = 1e6;

    private const int Bisections = 200;

    /// <summary>The engine of families other than the normal one: some are tested by z, which only the stored p shows.</summary>
    private const string Generalized = "glm";

    /// <summary>Engines whose estimates are tested by t or z; those of a user's function may be anything.</summary>
    private static readonly string[] Engines = ["lm", Generalized, "gam", "lmm", "gamm"];

    /// <summary>
    /// The columns of both limits of a term's estimates: computed from the estimate, its standard error (or the estimate and t) and the
    /// residual degrees of freedom (or those for which t has the stored p). NaN where these do not determine them, as where p is 0. None if
    /// the analysis stores limits itself, has no estimates of the term, or is of another engine.
    /// </summary>
    /// <param name="table">The analysis.</param>
    /// <param name="term">The term.</param>
    /// <param name="engine">The engine that fitted it; null: unknown.</param>
    /// <param name="isNormal">Whether estimates are tested by z, because the family's dispersion is known.</param>
    public static IReadOnlyList<NumberColumn> Columns(ResultTable table, string term, string? engine, bool isNormal = false)
    {
        var (estimate, statistic, p) = (Find("estimate"), Find("statistic"), Find("p.value"));
        if (!Engines.Contains(engine) || Find(LowName) is not null || estimate is null || statistic is null || p is null)
            return [];
        (estimate, statistic, p) = (estimate.Hold(table.Rows), statistic.Hold(table.Rows), p.Hold(table.Rows));
        var error = Find("std.error")?.Hold(table.Rows);
        var stored = engine == Generalized ? null : table.Results.FirstOrDefault(column => column.Name == ResidualDegrees);
        var degrees = stored?.Hold(table.Rows);
        return [Limit(LowName, -1), Limit(HighName, 1)];

        NumberColumn? Find(string name) => table.Results.FirstOrDefault(column => column.Name == $"{term}.{name}");

        NumberColumn Limit(string name, int side) =>
            new(
                $"{term}.{name}",
                isWhole: false,
                (first, limits) =>
                {
                    for (var i = 0; i < limits.Length; i++)
                    {
                        var (value, t) = (estimate.At(first + i), statistic.At(first + i));
                        var df =
                            isNormal ? MostDegrees
                            : degrees is null ? DegreesOfFreedom(t, p.At(first + i))
                            : degrees.At(first + i);
                        limits[i] = value + (side * Quantile(df) * (error?.At(first + i) ?? Math.Abs(value / t)));
                    }
                }
            );
    }

    /// <summary>The degrees of freedom for which a t has a two-sided p; NaN if p is 0, or if no number of them fits.</summary>
    public static double DegreesOfFreedom(double t, double p)
    {
        if (!(p > 0 && p < 1) || !double.IsFinite(t) || t == 0)
            return double.NaN;
        var wanted = Math.Log(p);
        if (wanted > Math.Log(TwoSided(t, FewestDegrees)) || wanted < Math.Log(TwoSided(t, MostDegrees)) * (1 + 1e-9))
            return double.NaN;
        // The p of a given t decreases with the degrees of freedom.
        var (low, high) = (Math.Log(FewestDegrees), Math.Log(MostDegrees));
        for (var step = 0; step < Bisections && high - low > 1e-14; step++)
        {
            var middle = (low + high) / 2;
            if (Math.Log(TwoSided(t, Math.Exp(middle))) > wanted)
                low = middle;
            else
                high = middle;
        }
        return Math.Exp((low + high) / 2);
    }

    private static double Quantile(double degrees) =>
        double.IsNaN(degrees) || degrees <= 0 ? double.NaN
        : degrees >= MostDegrees ? Normal.InvCDF(0, 1, UpperQuantile)
        : StudentT.InvCDF(0, 1, degrees, UpperQuantile);

    /// <summary>The two-sided p of a t: an incomplete beta function.</summary>
    private static double TwoSided(double t, double degrees) =>
        SpecialFunctions.BetaRegularized(degrees / 2, 0.5, degrees / (degrees + (t * t)));
}
