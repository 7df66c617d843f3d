using HpcFit.Coordinator.Tables;

namespace HpcFit.Coordinator.Reporting.Findings;

/// <summary>The fitted function of a smooth of one variable at one element, which <c>run --smooth-curves</c> stored.</summary>
/// <param name="Covariate">The variable.</param>
/// <param name="Points">Its values, ascending.</param>
/// <param name="Fit">The function at the points.</param>
/// <param name="StandardError">Its standard error.</param>
internal sealed record StoredCurve(string Covariate, double[] Points, double[] Fit, double[] StandardError)
{
    private const string Folder = "smooth_curves";

    /// <summary>The datasets of a smooth's folder that are no covariate.</summary>
    private static readonly string[] Statistics =
    [
        .. ((string[])["", "derivative_"]).SelectMany(function => ((string[])["se", "lower", "upper"]).Select(name => function + name)),
        "fit",
        "derivative",
    ];

    /// <summary>The curve of a term at a row; null: none is stored, or the smooth has several variables.</summary>
    public static StoredCurve? Read(ResultTable table, string term, long row)
    {
        var group = $"{Folder}/{term.Replace('/', '_')}";
        if (table.Stored.Names(group).Except(Statistics).ToList() is not [var covariate])
            return null;
        return
            table.Stored.ReadList($"{group}/{covariate}") is { } points
            && table.Stored.ReadBlock($"{group}/fit", row) is { } fit
            && table.Stored.ReadBlock($"{group}/se", row) is { } errors
            && fit.Length == points.Length
            && Array.TrueForAll(fit, double.IsFinite)
            ? new(covariate, points, fit, errors)
            : null;
    }
}
