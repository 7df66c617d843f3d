using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Gam.Terms;

/// <summary>Reads <c>pc=</c> of a smooth: the point at which it is zero, instead of summing to zero over the subjects.</summary>
internal static class PointConstraint
{
    /// <summary>One value per covariate; null if the argument is absent.</summary>
    /// <param name="call">The smooth's call.</param>
    /// <param name="isAllowed">Whether the smooth is one of numeric variables.</param>
    /// <param name="options">Its arguments.</param>
    /// <exception cref="FormulaException">The values do not match the covariates.</exception>
    public static IReadOnlyList<double>? Read(SmoothCall call, bool isAllowed, SmoothOptions options)
    {
        if (options.Find("pc") is not { } given)
            return null;
        if (!isAllowed)
            throw options.Wrong(
                "pc needs a smooth of numeric variables; random effects and curves of a factor have no point at which they could be zero.",
                given
            );
        double[] values = given is CallExpression { IsOperator: false, Function: "list" } list
            ? [.. call.Covariates.Select((covariate, i) => Of(covariate.ToString(), i, list))]
            : options.Numbers("pc", given);
        return values.Length == call.Covariates.Count && values.All(double.IsFinite)
            ? values
            : throw options.Wrong(
                $"pc of {call.Function}() has {values.Length} values; one for each of its {call.Covariates.Count} variables was expected.",
                given
            );

        double Of(string covariate, int index, CallExpression items)
        {
            var item =
                items.Arguments.FirstOrDefault(argument => argument.Name == covariate)
                ?? (items.Arguments.All(argument => argument.Name is null) ? items.Arguments.ElementAtOrDefault(index) : null);
            return item is not null && options.Numbers("pc", item.Value) is [var value]
                ? value
                : throw options.Wrong($"pc of {call.Function}() has no value for '{covariate}': pc=list({covariate}=0).", items);
        }
    }
}
