using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Gam.Bases;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>Evaluates the covariates of smooths. Strings and logicals become factors, a conversion that mgcv leaves to its user.</summary>
internal sealed class SmoothCovariates(ModelDesign design)
{
    /// <summary>Evaluates an expression at the rows of the fit.</summary>
    /// <param name="expression">The covariate, or the <c>by</c> variable.</param>
    /// <param name="finite">The rows on which it is evaluated: as in R, before rows that lack other variables are dropped.</param>
    /// <param name="places">The indices of the fit's rows among them.</param>
    /// <param name="predictors">One value per subject for each scalar predictor.</param>
    public Covariate From(Expression expression, int[] finite, int[] places, ReadOnlySpan<ReadOnlyMemory<double>> predictors)
    {
        var value = design.Evaluate(expression, finite, predictors);
        if (value is NumericValue { IsLogical: false } numbers)
        {
            return numbers.Columns == 1
                ? new(expression.ToString(), CohortValues.Take<double>(numbers.Data, places))
                : throw new FormulaException($"{expression} is a matrix; a smooth needs vectors.", design.Formula.Text, expression.Span);
        }
        var factor = Factors.DropUnused(Factors.From(value), places);
        return new(expression.ToString(), [], CohortValues.Take<int>(factor.Codes, places), factor.Levels, factor.IsOrdered);
    }
}
