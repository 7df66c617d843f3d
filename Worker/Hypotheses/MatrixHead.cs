using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Hypotheses;

/// <summary>The model matrix of the whole cohort, for checking contrasts before a fit.</summary>
internal static class MatrixHead
{
    private const int Rows = 6;

    /// <summary>The columns, the rows of the first subjects, and the hypotheses about the coefficients.</summary>
    public static ModelMatrix Create(ModelDesign design, IReadOnlyList<Hypothesis> hypotheses)
    {
        var whole = design.VariesWithScalars ? null : design.Build([.. design.CompleteRows], []);
        var subjects = whole is { Problem: DesignProblem.None } ? whole.Rows.Length : 0;
        return new(
            [.. design.ColumnNames.Select(name => name == "(Intercept)" ? "Intercept" : name)],
            subjects,
            [
                .. Enumerable
                    .Range(0, Math.Min(Rows, subjects))
                    .Select(row => (double[])[.. Enumerable.Range(0, whole!.Columns).Select(c => whole.Values[(c * subjects) + row])]),
            ],
            [.. hypotheses.Select(one => new TestedRows(one.Name, one.Kind == HypothesisKind.F, one.Rows))]
        );
    }
}
