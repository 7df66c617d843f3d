using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The results of a complete run, read from its partial files: a column is gathered from the covering blocks when it is requested, and
/// corrected over all elements of the run if the layout requires it. Holds only open files between two columns. Reading a column twice
/// gives the same bytes; ascending order is fastest. For use by one thread.
/// </summary>
internal sealed class MergedColumns : IDisposable
{
    private readonly IReadOnlyList<CoveredSlice> _slices;
    private readonly ResultLayout _layout;
    private readonly RowPlacement _placement;
    private readonly RowPlacement _ofFile;
    private readonly PartialColumns _partials = new();
    private readonly EnhancedResults? _enhanced;
    private readonly Lazy<MaximumStatistic?> _maximum;

    /// <summary>Merges the blocks that cover a run.</summary>
    /// <param name="coverage">The run's coverage.</param>
    /// <param name="run">The run's specification.</param>
    /// <param name="fullLength">One row per element of the file instead of one per element of the run.</param>
    /// <param name="enhanced">The results of the enhanced stage, which this object disposes; null: the run has none.</param>
    /// <exception cref="IncompleteRunException">Elements have no block yet; the message counts and lists them.</exception>
    public MergedColumns(Coverage coverage, RunDocument run, bool fullLength, EnhancedResults? enhanced = null)
    {
        _enhanced = enhanced;
        var lacking = run.ElementSet().Except(coverage.Elements);
        if (!lacking.IsEmpty)
            throw new IncompleteRunException(
                $"{lacking.Count:N0} of {CountText.Format(run.ElementSet().Count, "element")} {(lacking.Count == 1 ? "has" : "have")} "
                    + $"no result yet: {lacking}. Nothing was merged. 'hpcfit resume' fits them."
            );
        _slices = [.. OfRun(coverage.Slices, run.ElementSet())];
        _layout = run.Layout;
        _maximum = new(() =>
            _layout.Permutation is null ? null
            : IsCountedByStage ? new(Counting, run)
            : new(_slices, run, _partials)
        );
        _ofFile = RowPlacement.OfAll(run.Inputs.TotalElements);
        _placement = fullLength || run.Spec.Elements.Count == 0 ? _ofFile : RowPlacement.InOrder(run.Spec.Elements);
    }

    /// <summary>Whether a stage over shuffles counts for the tests, and the fits have no counts.</summary>
    private bool IsCountedByStage => _layout.Permutation is { Hypotheses: [{ CountedColumn: > 0 }, ..] };

    private EnhancedResults Counting => _enhanced ?? throw new InvalidOperationException("The run's stage over shuffles is needed.");

    /// <summary>The results of the enhanced stage; null: the run has none.</summary>
    public EnhancedResults? Enhanced => _enhanced;

    /// <summary>The largest statistics of permutation tests; null: the run has none.</summary>
    public MaximumStatistic? Maximum => _maximum.Value;

    /// <summary>
    /// The columns of p-values by the tail of a distribution which hold fractions of shuffles because no distribution fits, although the
    /// fractions are not exact.
    /// </summary>
    public IEnumerable<string> ColumnsWithoutTail() =>
        TailColumns().Where(one => one.Distribution is { IsExhaustive: false, Tail: null }).Select(one => _layout.Columns[one.Column].Name);

    /// <summary>How far the shuffles support the p-values of each column that are estimated by the tail of a distribution.</summary>
    public IEnumerable<TailLimit> TailLimits()
    {
        var p = new double[Rows];
        foreach (var (column, distribution) in TailColumns())
        {
            if (distribution.Tail is not { } tail)
                continue;
            ReadColumn(column, p);
            var least = tail.LeastP;
            yield return new(_layout.Columns[column].Name, least, p.LongCount(value => value < least));
        }
    }

    /// <summary>
    /// The columns of p-values by the tail of a distribution, with the distribution; each once, although -log10 p exists.
    /// </summary>
    private IEnumerable<(int Column, NullDistribution Distribution)> TailColumns()
    {
        foreach (var (place, column) in _layout.Columns.Index().Where(one => !one.Item.NegativeLog10))
        {
            if (column.Source == ResultSource.FamilyWiseTailP)
                yield return (place, Maximum!.Of(column.PartialColumn));
            else if (column.Source == ResultSource.EnhancedFamilyWiseTailP)
                yield return (place, _enhanced!.Of(column.PartialColumn));
        }
    }

    /// <summary>The number of columns, including <c>element_id</c>.</summary>
    public int Columns => _layout.Columns.Count;

    /// <summary>The number of rows: the elements of the run in the user's order, or all elements of the file for the full length.</summary>
    public long Rows => _placement.Rows;

    /// <summary>Fills <paramref name="destination"/> (of length <see cref="Rows"/>) with one column; NaN where there is no value.</summary>
    public void ReadColumn(int column, Span<double> destination)
    {
        var wanted = _layout.Columns[column];
        if (wanted.Source == ResultSource.ElementId)
        {
            WriteElementIds(destination);
            return;
        }

        switch (wanted.Source)
        {
            case ResultSource.Enhanced
            or ResultSource.EnhancedP
            or ResultSource.EnhancedFamilyWiseP
            or ResultSource.EnhancedFamilyWiseTailP:
                Place(OfEnhanced(wanted), destination);
                break;
            case ResultSource.FamilyWiseP or ResultSource.FamilyWisePOverHypotheses or ResultSource.FamilyWiseTailP:
                ReadFamilyWiseP(wanted, destination);
                break;
            default:
                ReadPartialColumn(wanted.PartialColumn, destination);
                break;
        }
        if (wanted.Source == ResultSource.Correction)
            PValueCorrection.Correct(wanted.Method!.Value, destination, destination);
        var isLogarithm = wanted.Source is ResultSource.FamilyWiseTailP or ResultSource.EnhancedFamilyWiseTailP;
        if (isLogarithm || wanted.NegativeLog10)
            Transform(destination, isLogarithm, wanted.NegativeLog10);
    }

    /// <summary>
    /// Fills <paramref name="destination"/> (of length <see cref="Rows"/>) with the statistic of a permutation test; NaN outside its
    /// maximum.
    /// </summary>
    public void ReadStatistic(int hypothesis, Span<double> destination) =>
        ReadPartialColumn(_layout.Permutation!.Hypotheses[hypothesis].StatisticColumn, destination);

    /// <summary>Fills <paramref name="destination"/> (of length <see cref="Rows"/>) with one status code per row.</summary>
    public void ReadStatus(Span<ElementStatus> destination)
    {
        destination.Fill(ElementStatus.NotInRun);
        foreach (var slice in _slices)
        {
            foreach (var (elements, row) in _placement.Create(slice.Elements))
                _partials.ReadStatus(slice with { Elements = elements }, Part(destination, row, elements));
        }
    }

    /// <summary>
    /// One of the layout's blocks: with the rows of the matrix for a dataset of the analysis, with all elements of the file for a new
    /// scalar. Valid as long as this object, and not for use concurrently with its other methods.
    /// </summary>
    public IResultTiles Block(int block)
    {
        var wanted = _layout.Blocks[block];
        // The counts are the last block.
        if (IsCountedByStage && block == _layout.Blocks.Count - 1)
            return new CountedBlock(wanted.Columns, Rows, ReadStatisticCounts);
        return new MergedBlock(
            _slices,
            wanted.Destination == BlockDestination.Scalar ? _ofFile : _placement,
            _partials,
            _layout.FirstColumnOf(block),
            wanted.Columns
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _partials.Dispose();
        _enhanced?.Dispose();
    }

    /// <summary>The slices, restricted to the run's elements: a block may contain neighbours that the run does not include.</summary>
    private static IEnumerable<CoveredSlice> OfRun(IReadOnlyList<CoveredSlice> slices, ElementSet elements)
    {
        var next = 0;
        foreach (var slice in slices)
        {
            while (next < elements.Ranges.Length && elements[next].End <= slice.Elements.First)
                next++;
            for (var i = next; i < elements.Ranges.Length && elements[i].First < slice.Elements.End; i++)
                yield return slice with
                {
                    Elements = elements[i].Intersect(slice.Elements),
                };
        }
    }

    private double[] OfEnhanced(ResultColumn column)
    {
        var enhanced = _enhanced ?? throw new InvalidOperationException($"The column '{column.Name}' needs an enhanced stage.");
        return column.Source switch
        {
            ResultSource.EnhancedP => enhanced.PermutationP(column.PartialColumn),
            ResultSource.EnhancedFamilyWiseP => enhanced.FamilyWiseP(column.PartialColumn),
            ResultSource.EnhancedFamilyWiseTailP => enhanced.LogTailP(column.PartialColumn),
            _ => Array.ConvertAll(enhanced.UnpermutedMap(column.PartialColumn), value => (double)value),
        };
    }

    private void ReadFamilyWiseP(ResultColumn column, Span<double> destination)
    {
        var maximum = Maximum ?? throw new InvalidOperationException($"The column '{column.Name}' needs permutation tests.");
        var hypothesis = column.PartialColumn;
        ReadStatistic(hypothesis, destination);
        foreach (ref var value in destination)
            value = column.Source switch
            {
                ResultSource.FamilyWisePOverHypotheses => maximum.POverHypotheses(hypothesis, value),
                ResultSource.FamilyWiseTailP => maximum.LogTailP(hypothesis, value),
                _ => maximum.P(hypothesis, value),
            };
    }

    /// <summary>Copies values by element of the file to the rows of the results.</summary>
    private void Place(double[] ofFile, Span<double> destination)
    {
        foreach (var (elements, firstRow) in _placement.All())
            ofFile.AsSpan((int)elements.First, (int)elements.Count).CopyTo(destination[checked((int)firstRow)..]);
    }

    /// <summary>From p or its natural logarithm to p or -log10 p.</summary>
    private static void Transform(Span<double> values, bool isLogarithm, bool toNegativeLog10)
    {
        foreach (ref var value in values)
            value =
                !toNegativeLog10 ? Math.Exp(value)
                : isLogarithm ? 0 - (value / Math.Log(10))
                : 0 - Math.Log10(value);
    }

    private void WriteElementIds(Span<double> destination)
    {
        foreach (var (elements, firstRow) in _placement.All())
        {
            for (var element = elements.First; element < elements.End; element++)
                destination[checked((int)(firstRow + element - elements.First))] = element;
        }
    }

    private void ReadPartialColumn(int column, Span<double> destination)
    {
        if (CountedAt(column) is { } counted)
        {
            ReadCountedP(counted, destination);
            return;
        }
        destination.Fill(double.NaN);
        foreach (var slice in _slices)
        {
            foreach (var (elements, row) in _placement.Create(slice.Elements))
                _partials.ReadColumn(slice with { Elements = elements }, column, Part(destination, row, elements));
        }
    }

    /// <summary>The hypothesis whose p-value a stage over shuffles counts; null: the column is another one.</summary>
    private int? CountedAt(int column)
    {
        for (var hypothesis = 0; IsCountedByStage && hypothesis < _layout.Permutation!.Hypotheses.Count; hypothesis++)
            if (_layout.Permutation.Hypotheses[hypothesis].CountedColumn == column)
                return hypothesis;
        return null;
    }

    private void ReadCountedP(int hypothesis, Span<double> destination)
    {
        var tested = _layout.Permutation!.Hypotheses[hypothesis];
        ReadStatisticCounts(hypothesis, EnhancedBlock.CountOf(tested.Side), destination);
        double shuffles = _layout.Permutation.Lists[tested.List].Count;
        foreach (ref var value in destination)
            value /= shuffles;
    }

    /// <summary>One of the counts of a hypothesis that a stage over shuffles has; NaN at elements that were not tested.</summary>
    private void ReadStatisticCounts(int hypothesis, int which, Span<double> destination)
    {
        var (statistics, counts) = (new double[destination.Length], Counting.StatisticCounts(hypothesis, which));
        ReadStatistic(hypothesis, statistics);
        Place(Array.ConvertAll(counts, count => (double)count), destination);
        for (var row = 0; row < destination.Length; row++)
            destination[row] = double.IsNaN(statistics[row]) ? double.NaN : destination[row];
    }

    private static Span<T> Part<T>(Span<T> rows, long first, ElementRange elements) =>
        rows.Slice(checked((int)first), checked((int)elements.Count));
}
