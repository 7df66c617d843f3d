using System.Runtime.InteropServices;
using HpcFit.Shared.Partials;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>
/// From maps of statistics to what a block of the enhanced stage holds: enhances each map in place, then takes extremes and counts. What is
/// computed depends neither on the number of threads nor on their order.
/// </summary>
internal sealed class EnhancedBatch : IDisposable
{
    private readonly EnhancedBlock _layout;
    private readonly IEnhancement _enhancement;
    private readonly Workers<Space> _workers;
    private readonly int _threads;
    private readonly MapPeaks[] _peaks;
    private readonly float[][] _unpermuted;
    private readonly byte[] _bytes;

    /// <summary>Enhances the unpermuted maps, with which all others are compared.</summary>
    /// <param name="enhancement">The enhancement.</param>
    /// <param name="unpermuted">The maps of the identity; they are replaced by the enhanced maps.</param>
    /// <param name="hasStatistics">Whether blocks hold what the maps count of the statistics themselves.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="stop">Ends it.</param>
    public EnhancedBatch(IEnhancement enhancement, StatisticMaps unpermuted, bool hasStatistics, int threads, CancellationToken stop)
    {
        (_enhancement, _threads) = (enhancement, threads);
        _layout = new(unpermuted.Hypotheses, unpermuted.Elements, hasStatistics);
        _workers = new(threads, () => new(enhancement));
        _peaks = [.. Enumerable.Range(0, unpermuted.Hypotheses).Select(one => MapPeaks.Find(unpermuted.Map(one, 0)))];
        Enhance(unpermuted, (_, _, _) => { }, stop);
        _unpermuted = [.. Enumerable.Range(0, unpermuted.Hypotheses).Select(one => unpermuted.Map(one, 0).ToArray())];
        _bytes = new byte[_layout.Bytes];
        for (var hypothesis = 0; hypothesis < _layout.Hypotheses; hypothesis++)
            MemoryMarshal.AsBytes<float>(_unpermuted[hypothesis]).CopyTo(_bytes.AsSpan((int)_layout.MapAt(hypothesis)));
    }

    /// <summary>The bytes of the block that was counted last, valid until the next one.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Enhances maps and takes their extremes and counts.</summary>
    /// <param name="maps">The maps of the block's shuffles; they are replaced by the enhanced maps.</param>
    /// <param name="columns">
    /// Receives the block's columns: per hypothesis the maxima of all shuffles, then the minima; then those of the statistics themselves.
    /// </param>
    /// <param name="stop">Ends it between maps.</param>
    /// <exception cref="OperationCanceledException">A stop was requested.</exception>
    public void Count(StatisticMaps maps, double[] columns, CancellationToken stop)
    {
        var shuffles = (int)maps.Shuffles.Count;
        Enhance(
            maps,
            (hypothesis, shuffle, peaks) =>
            {
                var at = (EnhancedBlock.ColumnOf(hypothesis) * shuffles) + shuffle;
                (columns[at], columns[at + shuffles]) = (peaks.Maximum, peaks.Minimum);
            },
            stop
        );
        if (_layout.HasStatistics)
            Copy(maps.Tests!, shuffles, columns);
        var chunks = (_layout.Elements + ShuffleCounts.Chunk - 1) / ShuffleCounts.Chunk;
        _workers.Run(
            chunks * _layout.Hypotheses,
            (space, number) => Count(space, maps, number / chunks, number % chunks * ShuffleCounts.Chunk),
            stop
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    /// <summary>What was counted of the statistics themselves.</summary>
    private void Copy(StatisticTests tests, int shuffles, double[] columns)
    {
        for (var hypothesis = 0; hypothesis < _layout.Hypotheses; hypothesis++)
        {
            var at = _layout.StatisticColumnOf(hypothesis) * shuffles;
            for (var shuffle = 0; shuffle < shuffles; shuffle++)
                (columns[at + shuffle], columns[at + shuffles + shuffle]) = tests.Extremes(shuffle, hypothesis);
            for (var which = 0; which < EnhancedBlock.Counts; which++)
                MemoryMarshal
                    .AsBytes(tests.Counts(hypothesis, which))
                    .CopyTo(_bytes.AsSpan((int)_layout.StatisticCountsAt(hypothesis, which)));
        }
    }

    private void Enhance(StatisticMaps maps, Action<int, int, MapPeaks> note, CancellationToken stop)
    {
        var shuffles = (int)maps.Shuffles.Count;
        var perCall = Math.Max(1, _enhancement.MapsPerCall);
        // Rather smaller calls than idle threads.
        while (perCall > 1 && 2 * Calls() * _layout.Hypotheses <= _threads)
            perCall /= 2;
        var calls = Calls();
        _workers.Run(
            calls * _layout.Hypotheses,
            (space, number) =>
            {
                var (hypothesis, first) = (number / calls, number % calls * perCall);
                var count = Math.Min(perCall, shuffles - first);
                var map = maps.Maps(hypothesis, first, count);
                var enhanced = space.Enhanced.AsSpan(0, count * _layout.Elements);
                space.Enhancer.Enhance(map, _peaks[hypothesis], enhanced);
                enhanced.CopyTo(map);
                for (var one = 0; one < count; one++)
                    note(hypothesis, first + one, MapPeaks.Find(enhanced.Slice(one * _layout.Elements, _layout.Elements)));
            },
            stop
        );

        int Calls() => (shuffles + perCall - 1) / perCall;
    }

    private void Count(Space space, StatisticMaps maps, int hypothesis, int first)
    {
        var count = Math.Min(ShuffleCounts.Chunk, _layout.Elements - first);
        var all = maps.Maps(hypothesis, 0, (int)maps.Shuffles.Count);
        ShuffleCounts.Count(_unpermuted[hypothesis].AsSpan(first, count), all, first, _layout.Elements, space.Counters);
        for (var which = 0; which < EnhancedBlock.Counts; which++)
        {
            var bytes = _bytes.AsSpan((int)_layout.CountsAt(hypothesis, which), _layout.Elements * sizeof(ushort));
            var counts = MemoryMarshal.Cast<byte, ushort>(bytes).Slice(first, count);
            var counters = space.Counters.AsSpan(which * ShuffleCounts.Chunk, count);
            for (var element = 0; element < count; element++)
                counts[element] = (ushort)counters[element];
        }
    }

    /// <summary>The workspace of a thread.</summary>
    private sealed class Space(IEnhancement enhancement) : IDisposable
    {
        public IEnhancer Enhancer { get; } = enhancement.CreateEnhancer();

        public float[] Enhanced { get; } = new float[checked(Math.Max(1, enhancement.MapsPerCall) * enhancement.Elements)];

        public int[] Counters { get; } = new int[EnhancedBlock.Counts * ShuffleCounts.Chunk];

        public void Dispose() => Enhancer.Dispose();
    }
}
