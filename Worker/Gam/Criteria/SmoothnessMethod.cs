using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Gam.Criteria;

/// <summary>How smoothing parameters are chosen; mgcv's names.</summary>
internal enum SmoothnessMethod
{
    /// <summary>Generalised cross-validation (<c>GCV.Cp</c> with unknown scale).</summary>
    Gcv,

    /// <summary>Generalised approximate cross-validation (<c>GACV.Cp</c>).</summary>
    Gacv,

    /// <summary>Restricted maximum likelihood.</summary>
    Reml,

    /// <summary>Maximum likelihood.</summary>
    Ml,

    /// <summary>REML with the scale of the residuals (<c>P-REML</c>).</summary>
    PearsonReml,

    /// <summary>ML with the scale of the residuals (<c>P-ML</c>).</summary>
    PearsonMl,
}

/// <summary>The methods' names.</summary>
internal static class SmoothnessMethodNames
{
    private static readonly string[] Names = ["GCV.Cp", "GACV.Cp", "REML", "ML", "P-REML", "P-ML"];

    /// <summary>The method of a name.</summary>
    /// <exception cref="UsageException">No such method.</exception>
    public static SmoothnessMethod Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0
            ? (SmoothnessMethod)index
            : throw new UsageException($"Unknown --method '{name}'. {NearestNames.Hint(name, Names)}");
    }

    /// <summary>Whether the criterion is a likelihood.</summary>
    public static bool IsLikelihood(this SmoothnessMethod method) => method >= SmoothnessMethod.Reml;
}
