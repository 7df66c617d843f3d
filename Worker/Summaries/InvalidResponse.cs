using System.Globalization;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Summaries;

/// <summary>Finds the response of an element that does not belong to the family.</summary>
internal static class InvalidResponse
{
    /// <summary>The first such response and its row of the cohort, as a sentence; empty if there is none.</summary>
    /// <param name="design">The model.</param>
    /// <param name="block">The element's values, and no other's.</param>
    /// <param name="accepts">Whether a response with a weight belongs to the family.</param>
    public static string Describe(ModelDesign design, in ScalarBlock block, Func<double, double, bool> accepts)
    {
        var subjects = block.SubjectRows[0].Length;
        var values = new ElementValues(subjects, design.ScalarPredictors.Count);
        values.Load(block, 0);
        var responses = new double[subjects];
        design.TransformResponse(values.Response, values.Predictors, responses);
        var rows = design.Build(values.Finite, values.Predictors);
        for (var i = 0; rows.Problem == DesignProblem.None && i < rows.Rows.Length; i++)
        {
            var (response, weight) = (responses[rows.Rows[i]], rows.Weights?[i] ?? 1);
            if (weight == 0 || double.IsNaN(response) || (double.IsFinite(response) && accepts(response, weight)))
                continue;
            var text = response.ToString("G7", CultureInfo.InvariantCulture);
            return $" The first that is not is {text}, in row {rows.Rows[i] + 1} of the cohort (in the data file's order).";
        }
        return "";
    }
}
