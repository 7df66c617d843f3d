using HpcFit.Shared.Specs;
using HpcFit.Worker.Formulas;

namespace HpcFit.Worker.Hypotheses;

/// <summary>Tests of terms of a formula, of type II or III.</summary>
/// <remarks>
/// Type II tests terms by comparing the model without them and without terms that contain any of them to that model with them (Langsrud
/// 2003; car::Anova's default). Type III tests that the terms' coefficients are zero when factors are coded by sums to zero (SAS/STAT,
/// The Four Types of Estimable Functions, for models without empty cells).
/// </remarks>
/// <param name="design">The model matrix.</param>
/// <param name="type"><see cref="HypothesisSpec.TypeTwo"/> or <see cref="HypothesisSpec.TypeThree"/>.</param>
internal sealed class TermTests(ModelDesign design, string type)
{
    private readonly Lazy<IReadOnlyList<double[]>> _sumCoded = new(() => SumCoding.Rows(design));

    /// <summary>The terms with more than one column, by their labels.</summary>
    public IEnumerable<string> OfSeveralColumns =>
        design.Formula.Terms.Where((_, term) => design.TermOfColumn.Count(of => of == term + 1) > 1).Select(term => term.Label);

    /// <summary>The place of a term in the formula: its label, or its variables in another order; -1: there is none.</summary>
    public int Find(string label)
    {
        var terms = design.Formula.Terms;
        var wanted = Variables(label);
        for (var term = 0; term < terms.Count; term++)
            if (terms[term].Label == label || (wanted.Count > 1 && wanted.SetEquals(Variables(terms[term].Label))))
                return term;
        return -1;
    }

    /// <summary>The test of a set of terms.</summary>
    /// <param name="name">The test's name.</param>
    /// <param name="terms">Places in the formula's terms.</param>
    public Hypothesis Test(string name, IReadOnlyList<int> terms)
    {
        var tested = ColumnsOf(terms.Contains);
        if (type == HypothesisSpec.TypeThree)
            return new(name, HypothesisKind.F, RowReduction.Independent(tested.Select(column => _sumCoded.Value[column])), []);
        var excluded = ColumnsOf(term => !terms.Contains(term) && terms.Any(inner => Contains(term, inner)));
        return new(name, HypothesisKind.F, [.. tested.Select(Unit)], [.. excluded.Select(Unit)]);
    }

    private bool Contains(int outer, int inner) =>
        design.Formula.Terms[inner].Variables.All(design.Formula.Terms[outer].Variables.Contains);

    private List<int> ColumnsOf(Func<int, bool> isWanted) =>
        [
            .. Enumerable
                .Range(0, design.Columns.Count)
                .Where(column => design.TermOfColumn[column] > 0 && isWanted(design.TermOfColumn[column] - 1)),
        ];

    private double[] Unit(int column)
    {
        var row = new double[design.Columns.Count];
        row[column] = 1;
        return row;
    }

    private static HashSet<string> Variables(string label) => [.. label.Split(':', StringSplitOptions.TrimEntries)];
}
