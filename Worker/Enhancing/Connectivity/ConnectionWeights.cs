using System.Numerics;
using System.Runtime.Intrinsics;
using HpcFit.Worker.Enhancing.Trees;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// The weights of a fixel's connections, value^C, as whole numbers of a unit that is the fixel's own: their sums are exact, so that no
/// order of additions matters.
/// </summary>
/// <remarks>
/// A weight is rounded to float32 as in MRtrix, and then to the unit, which is the smallest power of two with which the sum of all of the
/// fixel's weights, none of which is much above 1, is less than 2^52: 2^-43 with 200 connections, 2^-41 with 1,000.
/// </remarks>
internal sealed unsafe class ConnectionWeights
{
    private const int SumBits = 51;

    /// <summary>1.5 * 2^52: a number that is added to a smaller one rounds it to a whole number, and has that in its last bits.</summary>
    private const double Rounder = 6755399441055744;

    private readonly PowerFunction _power;
    private long[] _weights = [];

    /// <summary>A workspace of one thread.</summary>
    /// <param name="exponent">C.</param>
    public ConnectionWeights(double exponent) => _power = new(exponent);

    /// <summary>The unit of the fixel with so many connections.</summary>
    public static double UnitOf(int connections) => 1 / PerUnit(connections);

    /// <summary>The weights of a fixel; valid until the next call.</summary>
    public ReadOnlySpan<long> Of(ConnectivityRow row)
    {
        if (_weights.Length < row.Count)
            _weights = new long[Math.Max(row.Count, 2 * _weights.Length)];
        var (at, perUnit, rounder) = (0, PerUnit(row.Count), Vector256.Create(Rounder));
        if (_power.Exponent == 0.5)
            for (; at <= row.Count - Vector256<float>.Count; at += Vector256<float>.Count)
            {
                var (low, high) = Vector256.Widen(Vector256.Sqrt(Vector256.Load(row.Values + at)));
                (((low * perUnit) + rounder).AsInt64() - rounder.AsInt64()).CopyTo(_weights, at);
                (((high * perUnit) + rounder).AsInt64() - rounder.AsInt64()).CopyTo(_weights, at + Vector256<double>.Count);
            }
        for (; at < row.Count; at++)
        {
            double weight = _power.Exponent == 0.5 ? MathF.Sqrt(row.Values[at]) : (float)_power.Of(row.Values[at]);
            _weights[at] = BitConverter.DoubleToInt64Bits((weight * perUnit) + Rounder) - BitConverter.DoubleToInt64Bits(Rounder);
        }
        return _weights.AsSpan(0, row.Count);
    }

    private static double PerUnit(int connections) => 1L << (SumBits - (BitOperations.Log2((uint)connections | 1) + 1));
}
