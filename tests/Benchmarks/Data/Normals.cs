namespace HpcFit.Benchmarks.Data;

/// <summary>
/// Pseudo-random numbers that are the same everywhere: SplitMix64 (Steele, Lea and Flood 2014); normals by summing four uniforms,
/// sufficiently normal for noise.
/// </summary>
internal sealed class Normals(ulong seed)
{
    private const double Scale = 1.0 / (1UL << 53);
    private static readonly double Root3 = Math.Sqrt(3);
    private ulong _state = seed * 0xD1B54A32D192ED03;

    /// <summary>Between 0 and 1.</summary>
    public double Uniform() => (Bits() >> 11) * Scale;

    /// <summary>
    /// Mean 0, variance 1: the sum of four uniforms, two of them from one generator output.
    /// </summary>
    public double Next()
    {
        var (first, second) = (Bits(), Bits());
        var sum = (first >> 11) + (second >> 11) + ((first << 32) >> 11) + ((second << 32) >> 11);
        return ((sum * Scale) - 2) * Root3;
    }

    private ulong Bits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
