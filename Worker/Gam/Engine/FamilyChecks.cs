using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Refuses options of a gam that families other than the normal one do not have.</summary>
internal static class FamilyChecks
{
    /// <summary>Refuses criteria other than REML and ML.</summary>
    /// <exception cref="UsageException">The message names the criterion.</exception>
    public static void Method(FamilySpec family, GamSpec gam)
    {
        if (gam.Method is "REML" or "ML")
            return;
        throw new UsageException(
            $"--method {gam.Method} is not available for --family {family.Name}: additive models of families other than gaussian are "
                + "fitted by REML or ML. Add --method REML, which Wood (2011) recommends, or --method ML."
        );
    }
}
