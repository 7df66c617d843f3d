using System.Globalization;
using HpcFit.Shared.Failures;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Terms;

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
            if (terms.TakeWhile(other => other != term).FirstOrDefault(other => HaveSameParameters(other, term)) is { } earlier)
            {
                shares[term] = shares[earlier];
                continue;
            }
            var count = CountOf(built[term]);
            shares[term] = [.. given.Skip(first).Take(count)];
            first += count;
        }
        if (first == given.Count)
            return shares;
        var needs = string.Join(
            ", ",
            terms
                .Where((term, i) => !terms.Take(i).Any(other => HaveSameParameters(other, term)))
                .Select(term => string.Create(CultureInfo.InvariantCulture, $"{term.Label} {CountOf(built[term])}"))
        );
        throw new UsageException(
            $"--sp has {CountText.Format(given.Count, "value")} and the model has "
                + $"{(first == 1 ? "1 penalty" : $"{first} penalties")} ({needs}); give one each, negative to estimate."
        );
    }

    /// <summary>The values of some of the terms, in the order of <c>--sp</c>.</summary>
    /// <param name="shares">The values of all terms.</param>
    /// <param name="terms">The terms, in the formula's order.</param>
    public static IReadOnlyList<double> Collect(Dictionary<SmoothTerm, IReadOnlyList<double>> shares, IReadOnlyList<SmoothTerm> terms) =>
        [.. terms.Where((term, i) => !terms.Take(i).Any(other => HaveSameParameters(other, term))).SelectMany(term => shares[term])];

    private static bool HaveSameParameters(SmoothTerm one, SmoothTerm other) => one.Id is not null && one.Id == other.Id;

    /// <summary>The number of smoothing parameters: with an id, the smooths of a factor's levels share them.</summary>
    private static int CountOf(IReadOnlyList<Smooth> smooths) =>
        smooths.Take(smooths.Any(smooth => smooth.Id is not null) ? 1 : smooths.Count).Sum(smooth => smooth.Penalties.Count);

    /// <summary>A term's smooths with the user's values, unless the formula's own <c>sp=</c> fixes them.</summary>
    public static IEnumerable<Smooth> In(IReadOnlyList<Smooth> smooths, IReadOnlyList<double> values)
    {
        var next = 0;
        foreach (var smooth in smooths)
        {
            if (smooth.Id is not null)
                next = 0;
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
