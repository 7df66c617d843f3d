using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// Permutation tests by the largest statistic of all elements of a run. Extremes of blocks merge in any order and may overlap, so the
/// result does not depend on how the elements were divided. Immutable but for what is computed once; for use by one thread.
/// </summary>
internal sealed class MaximumStatistic
{
    private readonly PermutationLayout _tests;
    private readonly NullExtremes _layout;
    private readonly ulong[] _keys;
    private readonly NullDistribution?[] _ofHypothesis;
    private NullDistribution? _overHypotheses;

    /// <summary>Merges the extremes of the blocks that cover a run.</summary>
    /// <param name="slices">The slices.</param>
    /// <param name="run">The run, whose engine declared permutation tests.</param>
    /// <param name="partials">Reads the partials; the caller's.</param>
    public MaximumStatistic(IEnumerable<CoveredSlice> slices, RunDocument run, PartialColumns partials)
        : this(run)
    {
        if (_layout.Bytes != run.Layout.BytesPerBlock)
            throw new InvalidOperationException(
                $"Blocks have {run.Layout.BytesPerBlock} bytes; the extremes of {_layout.Shuffles} shuffles and {_layout.Hypotheses} "
                    + $"hypotheses have {_layout.Bytes}."
            );
        var (bytes, elements) = (new byte[_layout.Bytes], run.ElementSet());
        foreach (var block in slices.Select(slice => slice.Block).Distinct())
        {
            RefuseOthers(block, elements);
            partials.ReadBytes(block, run.Layout.PartialWidth, 0, bytes);
            NullExtremes.Merge(_keys, NullExtremes.Keys(bytes));
        }
    }

    /// <summary>Takes the extremes of a stage over shuffles.</summary>
    /// <param name="enhanced">The stage.</param>
    /// <param name="run">The run, whose engine declared permutation tests.</param>
    public MaximumStatistic(EnhancedResults enhanced, RunDocument run)
        : this(run) => enhanced.ReadStatisticExtremes(_keys, _layout);

    private MaximumStatistic(RunDocument run)
    {
        _tests = run.Layout.Permutation!;
        _layout = new(_tests.Lists.Max(list => list.Count), _tests.Hypotheses.Count);
        _ofHypothesis = new NullDistribution?[_tests.Hypotheses.Count];
        _keys = new ulong[_layout.Bytes / sizeof(ulong)];
    }

    /// <summary>The hypotheses, in the order of the extremes.</summary>
    public IReadOnlyList<PermutedHypothesis> Hypotheses => _tests.Hypotheses;

    /// <summary>The number of shuffles of the longest list, the identity included.</summary>
    public long Shuffles => _layout.Shuffles;

    /// <summary>
    /// Per shuffle of a hypothesis the largest statistic of all elements, and the largest of its negative: NaN for statistics without a
    /// sign, and where no element has a statistic.
    /// </summary>
    public (double Positive, double Negative)[] Maxima(int hypothesis)
    {
        var isSigned = Hypotheses[hypothesis].IsSigned;
        var maxima = new (double, double)[_tests.Lists[Hypotheses[hypothesis].List].Count];
        for (var shuffle = 0; shuffle < maxima.Length; shuffle++)
        {
            var at = _layout.At(shuffle, hypothesis);
            maxima[shuffle] = (NullExtremes.Value(_keys[at]), isSigned ? NullExtremes.Value(_keys[at + 1]) : double.NaN);
        }
        return maxima;
    }

    /// <summary>The p-value of an element's statistic, over all elements, on the side that is tested; NaN for NaN.</summary>
    public double P(int hypothesis, double statistic) => Of(hypothesis).P(Hypotheses[hypothesis].Extremeness(statistic));

    /// <summary>The natural logarithm of the same, by the distribution that was fitted to the tail.</summary>
    public double LogTailP(int hypothesis, double statistic) => Of(hypothesis).LogTailP(Hypotheses[hypothesis].Extremeness(statistic));

    /// <summary>The p-value over all elements and hypotheses, whose statistics are compared as standard normal scores.</summary>
    public double POverHypotheses(int hypothesis, double statistic) =>
        (_overHypotheses ??= OverHypotheses()).P(ScoreOf(Hypotheses[hypothesis], Hypotheses[hypothesis].Extremeness(statistic)));

    /// <summary>
    /// The distribution of the most extreme statistic of a hypothesis on the side that is tested: of its negative for the lower one, of its
    /// magnitude for both.
    /// </summary>
    public NullDistribution Of(int hypothesis) =>
        _ofHypothesis[hypothesis] ??= new(
            Array.ConvertAll(Maxima(hypothesis), pair => MostExtreme(Hypotheses[hypothesis].Side, pair.Positive, pair.Negative)),
            _tests.Lists[Hypotheses[hypothesis].List].IsExhaustive
        );

    private NullDistribution OverHypotheses()
    {
        if (_tests.Lists.Count > 1)
            throw new InvalidOperationException("Hypotheses with different lists of shuffles have no common maximum.");
        var maxima = new double[Shuffles];
        Array.Fill(maxima, double.NaN);
        foreach (var (number, hypothesis) in Hypotheses.Index())
        {
            foreach (var (shuffle, (positive, negative)) in Maxima(number).Index())
                maxima[shuffle] = double.MaxNumber(
                    maxima[shuffle],
                    MostExtreme(hypothesis.Side, ScoreOf(hypothesis, positive), ScoreOf(hypothesis, negative))
                );
        }
        return new(maxima);
    }

    private static double MostExtreme(TestedSide side, double positive, double negative) =>
        side switch
        {
            TestedSide.Upper => positive,
            TestedSide.Lower => negative,
            _ => double.MaxNumber(positive, negative),
        };

    private static double ScoreOf(PermutedHypothesis hypothesis, double statistic) =>
        hypothesis.IsScore ? statistic
        : hypothesis.IsSigned ? NormalScore.OfT(statistic, hypothesis.Df2)
        : NormalScore.OfF(statistic, hypothesis.Df1, hypothesis.Df2);

    /// <summary>The maximum of a block with elements that are not in the run would be that of another set of elements.</summary>
    private static void RefuseOthers(PartialBlock block, ElementSet run)
    {
        if (!ElementSet.From([block.Elements]).Except(run).IsEmpty)
            throw new PartialConflictException(
                $"'{block.Path}' has a block of elements {block.Elements}, some of which are not in the run, so its largest statistics are "
                    + "those of other elements. Nothing was merged. Remove the file; 'hpcfit resume' fits its elements again."
            );
    }
}
