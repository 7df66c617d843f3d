using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Gam.Testing;

/// <summary>How the null distribution of a smooth's test is evaluated: <c>--smooth-p-values</c>.</summary>
internal enum SmoothPValues
{
    /// <summary>With a relative error of 1e-6, however small.</summary>
    Accurate,

    /// <summary>By Davies' method as in mgcv: reproduces p-values printed by mgcv, including their errors of 1e-6.</summary>
    Davies,
}

/// <summary>The names of the evaluations on the command line.</summary>
internal static class SmoothPValueNames
{
    private static readonly string[] Names = ["accurate", "davies"];

    /// <summary>The evaluation with a given name.</summary>
    /// <exception cref="UsageException">No such evaluation.</exception>
    public static SmoothPValues Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0
            ? (SmoothPValues)index
            : throw new UsageException($"Unknown --smooth-p-values '{name}'. {NearestNames.Hint(name, Names)}");
    }
}
