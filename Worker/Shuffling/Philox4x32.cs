namespace HpcFit.Worker.Shuffling;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, SC'11): 128 random bits as a function of a counter and a
/// key, without a state that would have to be advanced.
/// </summary>
internal static class Philox4x32
{
    private const int Rounds = 10;
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierC = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9; // the golden ratio
    private const uint WeylB = 0xBB67AE85; // the square root of 3, less 1

    /// <summary>The four words of a counter, most often of a block of random bits.</summary>
    internal readonly record struct Block(uint A, uint B, uint C, uint D);

    /// <summary>The random bits of a counter.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="key">The key; its lower half is the algorithm's first word.</param>
    public static Block Compute(Block counter, ulong key)
    {
        var (a, b, c, d) = counter;
        var (keyA, keyB) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var productA = (ulong)MultiplierA * a;
            var productC = (ulong)MultiplierC * c;
            (a, b, c, d) = ((uint)(productC >> 32) ^ b ^ keyA, (uint)productC, (uint)(productA >> 32) ^ d ^ keyB, (uint)productA);
            keyA += WeylA;
            keyB += WeylB;
        }
        return new(a, b, c, d);
    }
}
