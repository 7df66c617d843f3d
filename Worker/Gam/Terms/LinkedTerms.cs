using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>
/// Terms with the same <c>id=</c>: as in mgcv they have the same smoothing parameters and the same basis, which the first of them specifies
/// and which is built from the values of all of them.
/// </summary>
internal sealed class LinkedTerms
{
    private static readonly string[] OfBasis = ["bs", "k", "m", "fx", "sp", "xt", "d", "np", "full", "ord", "mc", "pc"];

    private readonly IReadOnlyList<SmoothTerm> _terms;

    /// <summary>Checks the terms of a formula.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="text">The formula, for messages.</param>
    /// <exception cref="FormulaException">Terms with the same id are of different kinds.</exception>
    public LinkedTerms(IReadOnlyList<SmoothTerm> terms, string text)
    {
        _terms = terms;
        foreach (var term in terms.Where(term => term.Id is not null))
        {
            if (term.IsRandomEffect)
                throw new FormulaException(
                    $"{term.Label} is a random effect, which cannot have an id (nor in mgcv); leave it out.",
                    text,
                    term.Call.Call.Span
                );
            var first = FirstOf(term);
            if (first == term)
                continue;
            if (first.Call.Function != term.Call.Function || first.Covariates.Count != term.Covariates.Count)
                throw new FormulaException(
                    $"{term.Label} and {first.Label} have the same id, so that they have the same basis; they need the same function and "
                        + "the same number of variables.",
                    text,
                    term.Call.Call.Span
                );
            if (first.IsOfFactor)
                throw new FormulaException(
                    $"{term.Label} and {first.Label} have the same id, which is possible between smooths of numeric variables only.",
                    text,
                    term.Call.Call.Span
                );
        }
    }

    /// <summary>Warnings about arguments of later terms, which the first one's replace.</summary>
    public IEnumerable<string> Notices =>
        from term in _terms
        let first = FirstOf(term)
        let ignored = OfBasis.Where(term.Call.Options.ContainsKey).ToList()
        where first != term && ignored.Count > 0
        select $"{term.Call}: {string.Join(", ", ignored)} {(ignored.Count == 1 ? "is" : "are")} taken from {first.Call}, which has the "
            + "same id, as in mgcv.";

    /// <summary>The term whose arguments specify the basis of this one: the first with its id, or the term itself.</summary>
    public SmoothTerm FirstOf(SmoothTerm term) => With(term)[0];

    /// <summary>All terms with the id of this one, or the term alone.</summary>
    public List<SmoothTerm> With(SmoothTerm term) => term.Id is null ? [term] : [.. _terms.Where(other => other.Id == term.Id)];

    /// <summary>The distinct values of the covariates of several terms, one array per covariate.</summary>
    public static double[][] Pool(IReadOnlyList<IReadOnlyList<Covariate>> terms) =>
        UniquePoints
            .Find([.. Enumerable.Range(0, terms[0].Count).Select(i => terms.SelectMany(covariates => covariates[i].Values).ToArray())])
            .Points;
}
