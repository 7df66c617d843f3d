using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;
using HpcFit.Worker.Formulas.Syntax;

namespace HpcFit.Worker.Mixed.Terms;

/// <summary>
/// The effects of a random term at every subject, standardised: covariates are divided by their scale, and centred where the term has an
/// intercept with which they may be correlated, so that ratios of variances are near 1 whatever the unit. The covariance matrix of the
/// effects as typed is M S M' of that of the standardised ones.
/// </summary>
internal sealed class RandomCovariates
{
    private readonly RandomTerm _term;
    private readonly double[] _centres;
    private readonly double[] _scales;
    private readonly double[]?[] _onAllRows;

    private RandomCovariates(RandomTerm term, double[] centres, double[] scales, double[]?[] onAllRows) =>
        (_term, _centres, _scales, _onAllRows) = (term, centres, scales, onAllRows);

    /// <summary>The number of effects.</summary>
    public int Effects => _scales.Length;

    /// <summary>Evaluates the covariates of a term.</summary>
    /// <exception cref="FormulaException">A covariate is not numeric, constant, infinite, or a scalar of the file.</exception>
    public static RandomCovariates Create(RandomTerm term, ModelDesign design, int subjects)
    {
        var effects = term.Effects.Count;
        var (centres, scales, values) = (new double[effects], new double[effects], new double[]?[effects]);
        int[] rows = [.. Enumerable.Range(0, subjects)];
        if (term.HasIntercept)
            scales[0] = 1;
        for (var e = term.HasIntercept ? 1 : 0; e < effects; e++)
        {
            var covariate = term.Slopes[e - (term.HasIntercept ? 1 : 0)];
            var numbers = Numbers(covariate, design, rows);
            var used = design.CompleteRows.Select(row => numbers[row]).ToList();
            if (used.Exists(double.IsInfinity))
                throw Refused(covariate, design, "has infinite values");
            if (used.TrueForAll(value => value == used[0]))
                throw Refused(covariate, design, "is constant among the subjects used, so that it has no slope");
            centres[e] = term.HasIntercept ? used.Sum() / used.Count : 0;
            scales[e] = Math.Sqrt(used.Sum(value => (value - centres[e]) * (value - centres[e])) / used.Count);
            values[e] = Evaluator.DependsOnRows(covariate) ? null : numbers;
        }
        return new(term, centres, scales, values);
    }

    /// <summary>Writes the standardised effects of rows, rows × effects within a row of <paramref name="stride"/> values.</summary>
    /// <param name="design">The model.</param>
    /// <param name="finite">The subjects with finite values, ascending; functions of all rows are evaluated at them.</param>
    /// <param name="subjects">The subject of each row.</param>
    /// <param name="target">Receives the values.</param>
    /// <param name="stride">The number of values per row.</param>
    public void Fill(ModelDesign design, ReadOnlySpan<int> finite, ReadOnlySpan<int> subjects, Span<double> target, int stride)
    {
        for (var e = 0; e < Effects; e++)
        {
            if (_term.HasIntercept && e == 0)
            {
                for (var row = 0; row < subjects.Length; row++)
                    target[row * stride] = 1;
                continue;
            }
            var numbers = _onAllRows[e] ?? Spread(_term.Slopes[e - (_term.HasIntercept ? 1 : 0)], design, finite);
            for (var row = 0; row < subjects.Length; row++)
                target[(row * stride) + e] = (numbers[subjects[row]] - _centres[e]) / _scales[e];
        }
    }

    /// <summary>Writes M L, the factor of the covariance matrix of the effects as typed; L is that of the standardised ones.</summary>
    public void Restore(ReadOnlySpan<double> factor, Span<double> target)
    {
        for (var c = 0; c < Effects; c++)
        {
            for (var e = 0; e < Effects; e++)
                target[(e * Effects) + c] = factor[(e * Effects) + c] / _scales[e];
            for (var e = 1; _term.HasIntercept && e < Effects; e++)
                target[c] -= _centres[e] * target[(e * Effects) + c];
        }
    }

    private static double[] Spread(Expression covariate, ModelDesign design, ReadOnlySpan<int> finite)
    {
        var numbers = ((NumericValue)design.Evaluate(covariate, finite, [])).Data;
        var spread = new double[finite[^1] + 1];
        for (var place = 0; place < finite.Length; place++)
            spread[finite[place]] = numbers[place];
        return spread;
    }

    private static double[] Numbers(Expression covariate, ModelDesign design, int[] rows)
    {
        if (covariate.Names().FirstOrDefault(name => design.ScalarPredictors.Contains(name.Name)) is { } scalar)
            throw Refused(covariate, design, $"uses the scalar {scalar.Name}; random slopes are of columns of the cohort");
        return design.Evaluate(covariate, rows, []) switch
        {
            NumericValue { IsLogical: false, Columns: 1 } numeric => numeric.Data,
            NumericValue { IsLogical: false } => throw Refused(covariate, design, "has several columns. Write them one by one"),
            _ => throw Refused(
                covariate,
                design,
                "is not numeric; random slopes of factors are not available. Write (1 | group:factor), or make a number of it with --column"
            ),
        };
    }

    private static FormulaException Refused(Expression covariate, ModelDesign design, string reason) =>
        new($"{covariate} {reason}.", design.Formula.Text, covariate.Span);
}
