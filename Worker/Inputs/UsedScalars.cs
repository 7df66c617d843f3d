using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Inputs;

/// <summary>The scalars that a model reads, as far as its spec determines them before it is bound to a cohort.</summary>
internal static class UsedScalars
{
    /// <summary>The names: those in a formula, or those that become columns of a user's data.</summary>
    /// <param name="model">The model.</param>
    /// <param name="known">The scalars of the files.</param>
    /// <param name="response">The response, which is always used.</param>
    public static IReadOnlySet<string> Find(ModelSpec model, IReadOnlyList<string> known, string response)
    {
        var names =
            model.Formula.Length > 0
                ? ExpressionParser.Parse(model.Formula).Names().Select(name => name.Name)
                : model.Custom?.Scalars ?? known.Where(name => name != model.Custom?.WriteScalar);
        return names.Intersect(known).Append(response).ToHashSet(StringComparer.Ordinal);
    }
}
