using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Comparing;

/// <summary>Which of two models is contained in the other one.</summary>
/// <param name="Smaller">The contained model.</param>
/// <param name="Larger">The other one.</param>
internal sealed record Nesting(ComparedModel Smaller, ComparedModel Larger)
{
    /// <summary>
    /// Decides by the names of coefficients, which name the columns of the model matrix, and by the calls of smooths. A straight line in a
    /// covariate is part of its smooth.
    /// </summary>
    /// <exception cref="BadInputException">Neither contains the other, or that cannot be determined.</exception>
    public static Nesting Determine(ComparedModel a, ComparedModel b)
    {
        foreach (var model in (ComparedModel[])[a, b])
        {
            if (model.Coefficients.Count == 0)
                throw Refuse(
                    $"'{model.Name}' has no column 'TERM.estimate', which shows its terms. Fit it again with {ComparedModel.Columns}"
                );
            if (model.Formula.Smooths.Count > 0 && model.Smooths.Count == 0)
                throw Refuse($"'{model.Name}' has no columns 'SMOOTH.edf' and 'SMOOTH.ref.df'. Fit it again with {ComparedModel.Columns}");
        }
        if (!a.Formula.Offsets.SequenceEqual(b.Formula.Offsets))
            throw Refuse($"'{a.Name}' and '{b.Name}' have other offsets, so neither is nested in the other");
        var (beyondB, beyondA) = (Beyond(a, b), Beyond(b, a));
        var nesting = (beyondB.Count, beyondA.Count) switch
        {
            (0, 0) => throw Refuse($"'{a.Name}' and '{b.Name}' have the same terms"),
            (0, _) => new Nesting(a, b),
            (_, 0) => new Nesting(b, a),
            _ => throw Refuse(
                $"Neither model is nested in the other: only '{a.Name}' has {List(beyondB)}, and only '{b.Name}' has {List(beyondA)}"
            ),
        };
        nesting.RefuseOtherFixedEffects();
        return nesting;
    }

    /// <summary>What a model has and another one does not contain.</summary>
    private static List<string> Beyond(ComparedModel model, ComparedModel other)
    {
        var covered = other.Formula.Smooths.SelectMany(call => new SmoothCallParts(call).Lines()).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. model.Coefficients.Where(name => !other.Coefficients.Contains(name) && !covered.Contains(Condensed(name))),
            .. model.RandomEffects.Except(other.RandomEffects),
            .. model.Formula.Smooths.Where(call => !other.Formula.Smooths.Contains(call)),
        ];
    }

    /// <summary>
    /// A restricted likelihood is that of the residuals of the fixed effects: models with different fixed effects have likelihoods of other
    /// data (Pinheiro and Bates 2000, section 2.4.1).
    /// </summary>
    private void RefuseOtherFixedEffects()
    {
        if (!Smaller.IsMixed && (Smaller.IsByReml || Larger.IsByReml) && !FixedEffects(Smaller).SetEquals(FixedEffects(Larger)))
            throw Refuse(
                $"'{Smaller.Name}' and '{Larger.Name}' have different fixed effects, and models fitted by REML are only tested if these "
                    + "are equal. Fit both with --method ML"
            );
    }

    /// <summary>The fixed effects of a model: its coefficients, and the straight lines of smooths, which have no penalty.</summary>
    public static HashSet<string> FixedEffects(ComparedModel model) =>
        [
            .. model.Coefficients.Select(Condensed),
            .. model.Record.Value("select") is "1"
                ? []
                : model.Formula.Smooths.SelectMany(call => new SmoothCallParts(call).FixedEffects()),
        ];

    private static string Condensed(string name) => string.Concat(name.Where(letter => !char.IsWhiteSpace(letter)));

    private static string List(List<string> terms) =>
        string.Join(", ", terms.Take(6).Select(term => $"'{term}'")) + (terms.Count > 6 ? ", …" : "");

    private static BadInputException Refuse(string reason) =>
        new(
            $"{reason}. There is no test; --criteria-only compares AIC and BIC, and --assume-nested states that the first model is "
                + "nested in the second."
        );
}
