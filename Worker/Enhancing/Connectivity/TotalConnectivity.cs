using System.Numerics;
using System.Runtime.InteropServices;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// The connectivity of each fixel to all fixels that have a statistic. It is kept as long as maps have statistics at the same fixels. A
/// workspace of one thread.
/// </summary>
internal sealed class TotalConnectivity(ConnectivityMatrix matrix, ConnectionWeights weights)
{
    private readonly double[] _totals = new double[matrix.Fixels];

    /// <summary>NaN where there is no statistic.</summary>
    private readonly float[] _pattern = new float[matrix.Fixels];
    private bool _isKnown;

    /// <summary>Computes the connectivities for the first of some maps.</summary>
    /// <param name="maps">The maps, one after another.</param>
    /// <returns>The length of the maps that have statistics at the same fixels as the first one, up to the first that does not.</returns>
    public int Begin(ReadOnlySpan<float> maps)
    {
        if (!_isKnown || !IsPattern(maps[.._pattern.Length]))
            Compute(maps[.._pattern.Length]);
        var length = _pattern.Length;
        while (length < maps.Length && IsPattern(maps.Slice(length, _pattern.Length)))
            length += _pattern.Length;
        return length;
    }

    /// <summary>The connectivity of a fixel.</summary>
    public double Of(int fixel) => _totals[fixel];

    private bool IsPattern(ReadOnlySpan<float> map)
    {
        var ours = MemoryMarshal.Cast<float, Vector<float>>(_pattern);
        var theirs = MemoryMarshal.Cast<float, Vector<float>>(map);
        var differs = Vector<int>.Zero;
        // A value equals itself unless it is NaN.
        for (var i = 0; i < ours.Length; i++)
            differs |= Vector.Equals(ours[i], ours[i]) ^ Vector.Equals(theirs[i], theirs[i]);
        var isPattern = differs == Vector<int>.Zero;
        for (var i = ours.Length * Vector<float>.Count; i < map.Length; i++)
            isPattern &= float.IsNaN(_pattern[i]) == float.IsNaN(map[i]);
        return isPattern;
    }

    private unsafe void Compute(ReadOnlySpan<float> map)
    {
        map.CopyTo(_pattern);
        for (var fixel = 0; fixel < _totals.Length; fixel++)
        {
            var (row, sum) = (matrix.Row(fixel), 0L);
            var all = weights.Of(row);
            for (var at = 0; at < all.Length; at++)
                sum += float.IsNaN(map[(int)row.Fixels[at]]) ? 0 : all[at];
            _totals[fixel] = sum * ConnectionWeights.UnitOf(row.Count);
        }
        _isKnown = true;
    }
}
