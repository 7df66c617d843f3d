using HpcFit.Shared.Failures;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Formulas.Evaluation;

namespace HpcFit.Worker.Hypotheses;

/// <summary>
/// The coefficients of a model whose factors are coded by sums to zero, as linear combinations of those of the model as it is coded. The
/// hypotheses of type III are those about single coefficients of the former, so they do not depend on the coding.
/// </summary>
/// <remarks>
/// Both model matrices span the same space, X = X' B for every data set, so β' = B β. B follows from made-up data in which every
/// combination of levels of every term occurs with several values of the numeric variables.
/// </remarks>
internal static class SumCoding
{
    private const int Replicates = 3;
    private const double Tolerance = 1e-7;

    /// <summary>B, one row per column of the model matrix coded by sums to zero.</summary>
    /// <exception cref="BadInputException">The codings span different spaces: a contrast with too few columns.</exception>
    public static IReadOnlyList<double[]> Rows(ModelDesign design)
    {
        var summed = design
            .Variables.Select(variable => variable.Levels is null ? variable : variable with { Contrast = new Contrast(ContrastKind.Sum) })
            .ToList();
        var toSums = DesignColumn.CreateAll(design.Formula, summed);
        var columns = design.Columns.Count;
        if (toSums.Count == columns)
        {
            var matrix = Data(design)
                .Select(row =>
                    (double[])[.. toSums.Select(column => Value(column, row)), .. design.Columns.Select(column => Value(column, row))]
                )
                .ToList();
            if (
                RowReduction.Reduce(matrix, columns) == columns
                && matrix.Skip(columns).All(row => row.All(rest => Math.Abs(rest) < Tolerance))
            )
                return [.. matrix.Take(columns).Select(row => row[columns..])];
        }
        throw new BadInputException(
            $"Tests of type III are not defined for '{design.Formula}': a factor has a contrast with fewer columns than levels. Use "
                + "--anova-type II."
        );
    }

    private static double Value(DesignColumn column, Row row)
    {
        var product = 1.0;
        foreach (var part in column.Parts)
            product *= part.ValueOfLevel is { } levels ? levels[row.Levels[part.Variable]] : row.Numbers[part.Variable][part.Column];
        return product;
    }

    private static IEnumerable<Row> Data(ModelDesign design)
    {
        var numbers = new Sequence();
        var terms = design.Formula.Terms.Select(term => term.Variables).Append([]);
        foreach (var term in terms)
        {
            var factors = term.Where(variable => design.Variables[variable].Levels is not null).ToList();
            var numeric = term.Sum(variable => design.Variables[variable].Levels is null ? design.Variables[variable].Columns : 0);
            var cells = factors.Aggregate(1, (product, factor) => product * design.Variables[factor].Levels!.Count);
            for (var row = 0; row < cells * (Replicates + numeric); row++)
                yield return One(design, factors, row % cells, numbers);
        }
    }

    private static Row One(ModelDesign design, List<int> crossed, int cell, Sequence numbers)
    {
        var levels = design.Variables.Select(variable => variable.Levels is { } all ? numbers.Below(all.Count) : 0).ToArray();
        foreach (var factor in crossed)
        {
            var count = design.Variables[factor].Levels!.Count;
            levels[factor] = cell % count;
            cell /= count;
        }
        return new(
            levels,
            [.. design.Variables.Select(variable => Enumerable.Range(0, variable.Columns).Select(_ => numbers.Next()).ToArray())]
        );
    }

    private sealed record Row(int[] Levels, double[][] Numbers);

    /// <summary>The same numbers in every run: Knuth's MMIX linear congruential generator.</summary>
    private sealed class Sequence
    {
        private ulong _state = 1;

        /// <summary>A number between -1 and 1.</summary>
        public double Next()
        {
            _state = (_state * 6364136223846793005) + 1442695040888963407;
            return ((_state >> 11) * (2.0 / (1UL << 53))) - 1;
        }

        public int Below(int count) => (int)((Next() + 1) / 2 * count);
    }
}
