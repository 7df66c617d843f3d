using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Gam.Fitting;

/// <summary>How the null law of a smooth's test is evaluated: <c>--smooth-p-values</c>.</summary>
internal enum SmoothPValues
{
    /// <summary>To a relative 1e-6, however small.</summary>
    Accurate,

    /// <summary>By Davies' method as mgcv has it: p-values that mgcv has printed come out again, with their errors of 1e-6.</summary>
    Davies,
}

/// <summary>Their names.</summary>
internal static class SmoothPValueNames
{
    private static readonly string[] Names = ["accurate", "davies"];

    /// <summary>The evaluation of a name.</summary>
    /// <exception cref="UsageException">No such evaluation.</exception>
    public static SmoothPValues Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0
            ? (SmoothPValues)index
            : throw new UsageException($"Unknown --smooth-p-values '{name}'. {NearestNames.Hint(name, Names)}");
    }
}
