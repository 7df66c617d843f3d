using System.Runtime.InteropServices;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The results of a complete enhanced stage, from the exact cover of its shuffles: counts add up and each shuffle counts once, so they do
/// not depend on how the shuffles were divided. For use by one thread.
/// </summary>
internal sealed class EnhancedResults : IDisposable
{
    private readonly IReadOnlyList<CoveredSlice> _slices;
    private readonly EnhancedBlock _layout;
    private readonly int _width;
    private readonly Func<int, bool> _isExhaustive;
    private readonly NullDistribution?[] _ofHypothesis;
    private readonly PartialColumns _partials = new();

    /// <summary>Takes the blocks that cover a stage.</summary>
    /// <param name="coverage">The stage's coverage.</param>
    /// <param name="stage">The stage's document.</param>
    /// <param name="tests">The permutation tests of the run; null: it is not known whether its shuffles are exhaustive.</param>
    /// <exception cref="IncompleteRunException">Shuffles have no block yet.</exception>
    public EnhancedResults(Coverage coverage, RunDocument stage, PermutationLayout? tests = null)
    {
        _isExhaustive = hypothesis => tests?.Lists[tests.Hypotheses[hypothesis].List].IsExhaustive ?? false;
        var lacking = stage.ElementSet().Except(coverage.Elements);
        if (!lacking.IsEmpty)
            throw new IncompleteRunException(
                $"{lacking.Count:N0} of {CountText.Format(stage.ElementSet().Count, stage.UnitName)} of the stage "
                    + $"'{stage.Stage!.Name}' {(lacking.Count == 1 ? "has" : "have")} no result yet: {lacking}. Nothing was merged. "
                    + "'hpcfit resume' computes them."
            );
        _slices = coverage.Slices;
        _width = stage.Layout.PartialWidth;
        _layout = EnhancedBlock.Create(_width, stage.Layout.BytesPerBlock, checked((int)stage.Inputs.TotalElements));
        _ofHypothesis = new NullDistribution?[_layout.Hypotheses];
        Shuffles = stage.Stage!.Units;
    }

    /// <summary>The number of shuffles, the identity included.</summary>
    public long Shuffles { get; }

    /// <summary>The number of hypotheses.</summary>
    public int Hypotheses => _layout.Hypotheses;

    /// <summary>The enhanced unpermuted map, by element of the file; NaN outside the analysis.</summary>
    /// <exception cref="PartialConflictException">Blocks have different ones.</exception>
    public float[] UnpermutedMap(int hypothesis)
    {
        var (map, other) = (new float[_layout.Elements], new float[_layout.Elements]);
        Read(_slices[0], _layout.MapAt(hypothesis), map);
        foreach (var slice in _slices.Skip(1))
        {
            Read(slice, _layout.MapAt(hypothesis), other);
            if (!MemoryMarshal.AsBytes<float>(map).SequenceEqual(MemoryMarshal.AsBytes<float>(other)))
                throw new PartialConflictException(
                    $"'{_slices[0].Block.Path}' and '{slice.Block.Path}' hold different unpermuted maps, although every attempt must give "
                        + "the same bits. Nothing was merged. Please report this with both files; removing the one of the suspect machine "
                        + "and 'hpcfit resume' computes its shuffles again."
                );
        }
        return map;
    }

    /// <summary>
    /// Per element of the file, the fraction of shuffles whose value is at least as extreme as the unpermuted one; NaN outside the
    /// analysis.
    /// </summary>
    public double[] PermutationP(int hypothesis)
    {
        var sums = Sum(_layout.CountsAt(hypothesis, EnhancedBlock.AsExtreme));
        var (map, p) = (UnpermutedMap(hypothesis), new double[sums.Length]);
        for (var element = 0; element < p.Length; element++)
            p[element] = float.IsNaN(map[element]) ? double.NaN : (double)sums[element] / Shuffles;
        return p;
    }

    /// <summary>
    /// Per element of the file, the fraction of shuffles in which any element's value is at least as extreme as the unpermuted one; NaN
    /// outside the analysis.
    /// </summary>
    public double[] FamilyWiseP(int hypothesis)
    {
        var distribution = Of(hypothesis);
        return Array.ConvertAll(UnpermutedMap(hypothesis), value => distribution.P(Math.Abs((double)value)));
    }

    /// <summary>The natural logarithm of the same, by the distribution that was fitted to the tail.</summary>
    public double[] LogTailP(int hypothesis)
    {
        var distribution = Of(hypothesis);
        return Array.ConvertAll(UnpermutedMap(hypothesis), value => distribution.LogTailP(Math.Abs((double)value)));
    }

    /// <summary>The distribution of the largest enhanced value of a hypothesis, as a magnitude.</summary>
    public NullDistribution Of(int hypothesis) =>
        _ofHypothesis[hypothesis] ??= new(
            Array.ConvertAll(Maxima(hypothesis), pair => Math.Max(pair.Positive, pair.Negative)),
            _isExhaustive(hypothesis)
        );

    /// <summary>For each shuffle the largest enhanced value of either sign, as a magnitude.</summary>
    public (double Positive, double Negative)[] Maxima(int hypothesis)
    {
        var maxima = new (double, double)[Shuffles];
        foreach (var slice in _slices)
        {
            var (most, least) = (new double[slice.Elements.Count], new double[slice.Elements.Count]);
            _partials.ReadColumn(slice, EnhancedBlock.ColumnOf(hypothesis), most);
            _partials.ReadColumn(slice, EnhancedBlock.ColumnOf(hypothesis) + 1, least);
            for (var shuffle = 0; shuffle < most.Length; shuffle++)
                maxima[slice.Elements.First + shuffle] = (most[shuffle], 0 - least[shuffle]);
        }
        return maxima;
    }

    /// <summary>
    /// Per element of the file, the shuffles with a statistic of at least, at most, or in absolute value at least the unpermuted one; 0
    /// outside the analysis.
    /// </summary>
    public long[] StatisticCounts(int hypothesis, int which) => Sum(_layout.StatisticCountsAt(hypothesis, which));

    /// <summary>The largest statistics of all shuffles.</summary>
    /// <param name="into">Receives them.</param>
    /// <param name="layout">The places of the largest statistics.</param>
    public void ReadStatisticExtremes(ulong[] into, NullExtremes layout)
    {
        for (var hypothesis = 0; hypothesis < _layout.Hypotheses; hypothesis++)
            foreach (var slice in _slices)
                for (var sign = 0; sign < NullExtremes.Signs; sign++)
                {
                    var values = new double[slice.Elements.Count];
                    _partials.ReadColumn(slice, _layout.StatisticColumnOf(hypothesis) + sign, values);
                    for (var shuffle = 0; shuffle < values.Length; shuffle++)
                        into[layout.At(slice.Elements.First + shuffle, hypothesis) + sign] = NullExtremes.Key(values[shuffle]);
                }
    }

    /// <inheritdoc/>
    public void Dispose() => _partials.Dispose();

    /// <summary>The sums over all blocks of one of their counts.</summary>
    private long[] Sum(long skip)
    {
        var (sums, counts) = (new long[_layout.Elements], new ushort[_layout.Elements]);
        foreach (var slice in _slices)
        {
            Read(slice, skip, counts);
            for (var element = 0; element < sums.Length; element++)
                sums[element] += counts[element];
        }
        return sums;
    }

    private void Read<T>(CoveredSlice slice, long skip, T[] values)
        where T : unmanaged => _partials.ReadBytes(slice.Block, _width, skip, MemoryMarshal.AsBytes(values.AsSpan()));
}
