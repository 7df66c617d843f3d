using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Permutation;

/// <summary>
/// The columns of permutation tests, after those of the model: per hypothesis <c>z</c>, <c>p.value.perm</c> and <c>p.value.fwe</c>, then
/// the corrections of <c>p.value.perm</c> and the logarithms of both. Partials carry the unpermuted statistic and the counts, too.
/// </summary>
internal sealed class PermutationColumns
{
    /// <summary>The dataset of the counts: three per hypothesis, in the order of <see cref="ExtremesAndCounts"/>.</summary>
    public const string CountsName = "permutation_counts";

    /// <summary>Partial columns per hypothesis, in this order.</summary>
    private static readonly string[] PerHypothesis = ["z", "p.value.perm", "permuted.statistic"];

    private readonly bool _hasLogarithms;

    /// <summary>The columns of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ofFits">The columns of its fits.</param>
    /// <param name="lists">The lists of shuffles.</param>
    /// <param name="hypotheses">The hypotheses, without their columns.</param>
    public PermutationColumns(
        ModelSpec model,
        ResultLayout ofFits,
        IReadOnlyList<ShuffleSummary> lists,
        IReadOnlyList<PermutedHypothesis> hypotheses
    )
    {
        (First, _hasLogarithms) = (ofFits.PartialColumns.Count, model.Log10P);
        var names = hypotheses.Select(one => one.Name).ToList();
        List<string> partial = [.. ofFits.PartialColumns, .. names.SelectMany(name => PerHypothesis.Select(one => $"{name}.{one}"))];
        List<ResultColumn> columns = [.. ofFits.Columns];
        for (var h = 0; h < names.Count; h++)
        {
            columns.Add(new($"{names[h]}.z", ResultSource.Partial, Z(h)));
            columns.Add(new($"{names[h]}.p.value.perm", ResultSource.Partial, P(h)));
            columns.AddRange(FamilyWise(model.Permutation!).Select(one => new ResultColumn($"{names[h]}.{one.Ending}", one.Source, h)));
        }
        foreach (var (method, correction) in RequestedStatistics.Corrections(model.CorrectPValueTerms, "--correct-p-value-terms"))
            for (var h = 0; h < names.Count; h++)
                columns.Add(new($"{names[h]}.p.value.perm.{method}", ResultSource.Correction, P(h), correction));
        FirstLogarithm = partial.Count;
        for (var h = 0; h < names.Count && _hasLogarithms; h++)
        {
            var isCounted = model.Enhancement is not null;
            columns.Add(
                new($"{names[h]}.p.value.perm.neglog10", ResultSource.Partial, isCounted ? P(h) : partial.Count)
                {
                    NegativeLog10 = isCounted,
                }
            );
            partial.Add($"{names[h]}.p.value.perm.neglog10");
            columns.AddRange(
                FamilyWise(model.Permutation!)
                    .Select(one => new ResultColumn($"{names[h]}.{one.Ending}.neglog10", one.Source, h) { NegativeLog10 = true })
            );
        }
        Extremes = new(lists.Max(list => list.Count), names.Count);
        Layout = ofFits with
        {
            PartialColumns = partial,
            Columns = columns,
            Blocks = [.. ofFits.Blocks, new ColumnBlock(BlockDestination.Analysis, CountsName, ExtremesAndCounts.Counts * names.Count)],
            BytesPerBlock = model.Enhancement is null ? Extremes.Bytes : 0,
            Permutation = new(
                [
                    .. hypotheses.Select(
                        (one, h) => one with { StatisticColumn = Statistic(h), CountedColumn = model.Enhancement is null ? 0 : P(h) }
                    ),
                ],
                lists
            ),
        };
        FirstCount = Layout.FirstColumnOf(Layout.Blocks.Count - 1);
    }

    /// <summary>The columns of the run.</summary>
    public ResultLayout Layout { get; }

    /// <summary>The extremes that every block carries.</summary>
    public NullExtremes Extremes { get; }

    /// <summary>The first partial column of permutation tests.</summary>
    public int First { get; }

    /// <summary>The first partial column of counts.</summary>
    public int FirstCount { get; }

    /// <summary>The first partial column of logarithms of p; null: none were requested.</summary>
    public int? Logarithm(int hypothesis) => _hasLogarithms ? FirstLogarithm + hypothesis : null;

    /// <summary>The partial column of z.</summary>
    public int Z(int hypothesis) => First + (PerHypothesis.Length * hypothesis);

    /// <summary>The partial column of the p-value of an element alone.</summary>
    public int P(int hypothesis) => Z(hypothesis) + 1;

    /// <summary>The partial column of the unpermuted statistic.</summary>
    public int Statistic(int hypothesis) => Z(hypothesis) + 2;

    private int FirstLogarithm { get; }

    /// <summary>The p-values by the largest statistic, which the merge computes.</summary>
    private static IEnumerable<(string Ending, ResultSource Source)> FamilyWise(PermutationSpec spec)
    {
        yield return ("p.value.fwe", ResultSource.FamilyWiseP);
        if (spec.Tail is { } tail)
            yield return ($"p.value.fwe.{tail}", ResultSource.FamilyWiseTailP);
        if (spec.FweOverContrasts)
            yield return ("p.value.fwe.all", ResultSource.FamilyWisePOverHypotheses);
    }
}
