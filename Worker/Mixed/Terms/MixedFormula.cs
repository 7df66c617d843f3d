using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Mixed.Terms;

/// <summary>The formula of a linear mixed model, and the options that go with it.</summary>
internal static class MixedFormula
{
    /// <summary>How variables of random effects are described before the fit.</summary>
    public const string RandomRole = "random effects";

    /// <summary>Parses the formula of a mixed model.</summary>
    /// <exception cref="FormulaException">The formula has a dot or a smooth.</exception>
    /// <exception cref="UsageException">An option is of other models.</exception>
    public static Formula Parse(ModelSpec model)
    {
        var formula = Formula.Parse(model.Formula);
        if (formula.UsesDot)
            throw new FormulaException(
                "A dot also stands for the grouping factor, which a mixed model cannot have as a fixed effect. Write the predictors.",
                formula.Text,
                new(0, formula.Text.Length)
            );
        if (formula.Smooths.Count > 0)
            throw new FormulaException(
                "A linear mixed model has no smooths. Fit --model gamm, which has both.",
                formula.Text,
                formula.Smooths[0].Call.Span
            );
        if (model.ColumnOrder is not null)
            throw new UsageException("--column-order belongs to --model lm and gam; this is --model lmm. Omit it.");
        if (model.Mixed is { Ml: true, Df: MixedSpec.KenwardRoger })
            throw new UsageException(
                "--df kr needs REML: the method of Kenward and Roger adjusts estimates by the restricted likelihood. Omit --ml, or choose "
                    + "another --df."
            );
        if (model is { Mixed.Df: MixedSpec.Normal, Hypotheses.EffectSizes: true })
            throw new UsageException("--effect-sizes needs degrees of freedom, which --df normal has none of. Choose another --df.");
        return formula;
    }
}
