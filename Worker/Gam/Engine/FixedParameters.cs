using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>Distributes the values of <c>--sp</c> among the terms.</summary>
internal static class FixedParameters
{
    /// <summary>Per term, one value per penalty; negative: estimated.</summary>
    /// <param name="given">The user's values: one per penalty of the model, in the formula's order; null: none.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="built">Their smooths.</param>
    /// <exception cref="UsageException">There are more or fewer values than penalties.</exception>
    public static Dictionary<SmoothTerm, IReadOnlyList<double>> Distribute(
        IReadOnlyList<double>? given,
        IReadOnlyList<SmoothTerm> terms,
        Dictionary<SmoothTerm, IReadOnlyList<Smooth>> built
    )
    {
        var shares = new Dictionary<SmoothTerm, IReadOnlyList<double>>();
        if (given is null)
            return shares;
        var first = 0;
        foreach (var term in terms)
        {
            var count = built[term].Sum(smooth => smooth.Penalties.Count);
            shares[term] = [.. given.Skip(first).Take(count)];
            first += count;
        }
        if (first == given.Count)
            return shares;
        var needs = string.Join(
            ", ",
            terms.Select(term =>
                string.Create(CultureInfo.InvariantCulture, $"{term.Label} {built[term].Sum(smooth => smooth.Penalties.Count)}")
            )
        );
        throw new UsageException(
            $"--sp has {CountText.Format(given.Count, "value")} and the model has "
                + $"{(first == 1 ? "1 penalty" : $"{first} penalties")} ({needs}); give one each, negative to estimate."
        );
    }

    /// <summary>A term's smooths with the user's values, unless the formula's own <c>sp=</c> fixes them.</summary>
    public static IEnumerable<Smooth> In(IReadOnlyList<Smooth> smooths, IReadOnlyList<double> values)
    {
        var next = 0;
        foreach (var smooth in smooths)
        {
            var parameters = smooth
                .SmoothingParameters.Select(own => (Own: own, Given: values[next++]))
                .Select(pair => pair.Own >= 0 ? pair.Own : pair.Given);
            yield return smooth with
            {
                SmoothingParameters = [.. parameters],
            };
        }
    }
}
