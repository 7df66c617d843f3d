using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>A model without one of its terms, fitted to the rows of the full model.</summary>
/// <param name="Name">The term's name in columns: <c>s_Age_BYsex</c>, <c>site</c>.</param>
/// <param name="Model">The model.</param>
/// <param name="Predictors">For each of its scalar predictors, the index among the full model's.</param>
internal sealed record ReducedModel(string Name, GamModel Model, IReadOnlyList<int> Predictors)
{
    /// <summary>Creates the model without a term.</summary>
    /// <param name="full">The full model.</param>
    /// <param name="index">The term's number, from 1 in R's order: by degree, with smooths among the main effects.</param>
    /// <param name="bind">Creates a model from a formula.</param>
    /// <exception cref="UsageException">There is no such term.</exception>
    public static ReducedModel Create(GamModel full, int index, Func<Formula, GamModel> bind)
    {
        var formula = full.Design.Formula;
        var labels = formula
            .Terms.Select(term => (term.Index, Text: term.Label, Name: term.Label))
            .Concat(
                full.Terms.Select(term =>
                    (term.Call.Index, Text: term.Call.ToString(), Name: GamTermNames.OfSmooth(term.Label, term.By?.ToString()))
                )
            )
            .OrderBy(term => term.Index)
            .ToList();
        if (index < 1 || index > labels.Count)
        {
            throw new UsageException(
                $"--changed-rsq-term-index is {index} and the formula has {CountText.Format(labels.Count, "term")}: "
                    + $"{string.Join(", ", labels.Select((term, place) => $"{place + 1} {term.Text}"))}."
            );
        }
        var dropped = labels[index - 1];
        var kept = labels
            .Where(term => term != dropped)
            .Select(term => term.Text)
            .Concat(formula.Offsets.Select(offset => $"offset({offset})"));
        var right = string.Join(" + ", kept.Prepend(formula.HasIntercept ? "1" : "0"));
        var model = bind(Formula.Parse($"{formula.Response} ~ {right}"));
        var scalars = full.Design.ScalarPredictors.ToList();
        return new(dropped.Name, model, [.. model.Design.ScalarPredictors.Select(name => scalars.IndexOf(name))]);
    }

    /// <summary>Its scalar predictors among those of the full model.</summary>
    public ReadOnlyMemory<double>[] Own(ReadOnlySpan<ReadOnlyMemory<double>> predictors)
    {
        var own = new ReadOnlyMemory<double>[Predictors.Count];
        for (var i = 0; i < own.Length; i++)
            own[i] = predictors[Predictors[i]];
        return own;
    }
}
