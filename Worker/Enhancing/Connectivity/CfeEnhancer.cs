using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>Enhances <see cref="HeightBins.Lanes"/> maps in one pass over the connections.</summary>
/// <remarks>
/// For each fixel and map a histogram over heights: a connection adds its weight to the lower one of the bins of both fixels, if their
/// signs agree, and to bin 0 otherwise. The sums from above are the extents, and the sum of all bins is the connectivity to all fixels.
/// Each map has its own column of the histogram and its own order of additions, so that its bits depend on nothing else.
/// </remarks>
internal sealed unsafe class CfeEnhancer : IEnhancer
{
    private const int Lanes = HeightBins.Lanes;
    private const int LaneBits = 4;
    private const int PieceLength = 512;

    private readonly ConnectivityMatrix _matrix;
    private readonly HeightBins _bins;
    private readonly PowerFunction _extent;
    private readonly PowerFunction _weight;
    private readonly double[] _heights;
    private readonly double[] _histogram = new double[(HeightBins.Limit + 2) * Lanes];
    private readonly double[] _weights = new double[PieceLength];

    public CfeEnhancer(ConnectivityMatrix matrix, CfeParameters parameters)
    {
        _matrix = matrix;
        _bins = new(matrix.Fixels, parameters.Step);
        (_extent, _weight) = (new(parameters.E), new(parameters.C));
        var height = new PowerFunction(parameters.H);
        _heights = [.. Enumerable.Range(0, HeightBins.Limit + 1).Select(level => height.Of(level * parameters.Step))];
    }

    /// <inheritdoc/>
    public void Enhance(ReadOnlySpan<float> maps, MapPeaks unpermuted, Span<float> enhanced)
    {
        var elements = _matrix.Fixels;
        for (var first = 0; first < maps.Length; first += Lanes * elements)
        {
            var length = Math.Min(Lanes * elements, maps.Length - first);
            _bins.Fill(maps.Slice(first, length));
            var into = enhanced.Slice(first, length);
            for (var fixel = 0; fixel < elements; fixel++)
                EnhanceFixel(fixel, into);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _bins.Dispose();

    private void EnhanceFixel(int fixel, Span<float> enhanced)
    {
        var own = Vector256.LoadAligned(_bins.First + ((long)fixel * Lanes));
        var missing = Vector256.Equals(own, Vector256.Create(HeightBins.Missing));
        var magnitude = Vector256.AndNot(Vector256.Abs(own), missing);
        var highest = Highest(magnitude);
        Span<double> scores = stackalloc double[Lanes];
        scores.Clear();
        if (highest > 0)
        {
            FillHistogram(_matrix.Row(fixel), own, magnitude, highest);
            Integrate(highest, scores);
        }
        for (int lane = 0, at = fixel; at < enhanced.Length; lane++, at += _matrix.Fixels)
        {
            enhanced[at] =
                missing[lane] != 0 ? float.NaN
                : scores[lane] == 0 ? 0
                : float.CopySign((float)Math.Min(scores[lane], float.MaxValue), own[lane]);
        }
    }

    private static int Highest(Vector256<short> magnitude)
    {
        var half = Vector128.Max(magnitude.GetLower(), magnitude.GetUpper());
        var highest = 0;
        for (var lane = 0; lane < Vector128<short>.Count; lane++)
            highest = Math.Max(highest, half[lane]);
        return highest;
    }

    private void FillHistogram(ConnectivityRow row, Vector256<short> own, Vector256<short> magnitude, int highest)
    {
        Array.Clear(_histogram, 0, (highest + 2) * Lanes);
        for (var at = 0; at < row.Count; at += PieceLength)
        {
            var length = Math.Min(PieceLength, row.Count - at);
            Weigh(row.Values + at, length);
            fixed (double* histogram = _histogram)
            fixed (double* weights = _weights)
                Scatter(row.Fixels + at, weights, length, _bins.First, own, magnitude, (short)(highest + 1), histogram);
        }
    }

    /// <summary>The weights of a row's connections, rounded to float32 as MRtrix does.</summary>
    private void Weigh(float* values, int length)
    {
        for (var at = 0; at < length; at++)
            _weights[at] = _weight.Exponent == 0.5 ? MathF.Sqrt(values[at]) : (float)_weight.Of(values[at]);
    }

    private static void Scatter(
        uint* others,
        double* weights,
        int count,
        short* bins,
        Vector256<short> own,
        Vector256<short> magnitude,
        short trash,
        double* histogram
    )
    {
        var sign = own >> 15;
        var trashes = Vector256.Create(trash);
        var missing = Vector256.Create(HeightBins.Missing);
        var offsets = stackalloc ushort[Lanes];
        for (var at = 0; at < count; at++)
        {
            var other = Vector256.LoadAligned(bins + ((long)others[at] * Lanes));
            var along = Vector256.Max((other ^ sign) - sign, Vector256<short>.Zero);
            var bin = Vector256.ConditionalSelect(Vector256.Equals(other, missing), trashes, Vector256.Min(along, magnitude));
            (bin << LaneBits).AsUInt16().Store(offsets);
            var weight = weights[at];
            Add(histogram + 0, offsets[0], weight);
            Add(histogram + 1, offsets[1], weight);
            Add(histogram + 2, offsets[2], weight);
            Add(histogram + 3, offsets[3], weight);
            Add(histogram + 4, offsets[4], weight);
            Add(histogram + 5, offsets[5], weight);
            Add(histogram + 6, offsets[6], weight);
            Add(histogram + 7, offsets[7], weight);
            Add(histogram + 8, offsets[8], weight);
            Add(histogram + 9, offsets[9], weight);
            Add(histogram + 10, offsets[10], weight);
            Add(histogram + 11, offsets[11], weight);
            Add(histogram + 12, offsets[12], weight);
            Add(histogram + 13, offsets[13], weight);
            Add(histogram + 14, offsets[14], weight);
            Add(histogram + 15, offsets[15], weight);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(double* column, nuint offset, double weight) => column[offset] += weight;

    /// <summary>Sums from the highest bin down: extents, then the score, then the connectivity to all fixels.</summary>
    private void Integrate(int highest, Span<double> scores)
    {
        for (var first = 0; first < Lanes; first += Vector256<double>.Count)
        {
            var (extents, sums) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var level = highest; level >= 1; level--)
            {
                extents += Vector256.Create<double>(_histogram.AsSpan((level * Lanes) + first));
                sums += Powers(extents) * _heights[level];
            }
            var all = extents + Vector256.Create<double>(_histogram.AsSpan(first));
            Vector256
                .ConditionalSelect(Vector256.GreaterThan(all, Vector256<double>.Zero), sums / all, Vector256<double>.Zero)
                .CopyTo(scores[first..]);
        }
    }

    private Vector256<double> Powers(Vector256<double> extents)
    {
        if (_extent.Exponent == 2)
            return extents * extents;
        return Vector256.Create(_extent.Of(extents[0]), _extent.Of(extents[1]), _extent.Of(extents[2]), _extent.Of(extents[3]));
    }
}
