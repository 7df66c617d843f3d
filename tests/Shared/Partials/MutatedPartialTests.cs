using HpcFit.Shared.Partials;

namespace HpcFit.Shared.Tests.Partials;

/// <summary>
/// Ten thousand damaged files: the reader never fails, allocates no more than its buffers, and never accepts a wrong number.
/// </summary>
public sealed class MutatedPartialTests : IDisposable
{
    private const int Mutations = 10_000;

    private readonly PartialFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void No_mutation_lets_a_wrong_number_through()
    {
        var whole = File.ReadAllBytes(_files.Write("whole", (0, 20), (20, 5), (200, 40)));
        var other = File.ReadAllBytes(_files.Write("other", (20, 5), (300, 9)));
        var random = new Random(20261121);
        var path = _files.Path("mutated");
        var (damagedFiles, mostBytes) = (0, 0L);
        for (var i = 0; i < Mutations; i++)
        {
            File.WriteAllBytes(path, Mutate(whole, other, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var scan = PartialFiles.Scan(path);
            mostBytes = Math.Max(mostBytes, GC.GetAllocatedBytesForCurrentThread() - before);
            if (scan.LeftOut is not null)
                damagedFiles++;
            foreach (var block in scan.Blocks)
                PartialFiles.ShouldHoldKnownValues(new CoveredSlice(block, block.Elements));
        }
        damagedFiles.ShouldBeGreaterThan(Mutations / 2);
        mostBytes.ShouldBeLessThan(2L << 20);
    }

    private static byte[] Mutate(byte[] whole, byte[] other, Random random)
    {
        var bytes = (byte[])whole.Clone();
        var at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0: // flipped bits
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1: // cut
                return bytes[..at];
            case 2: // spliced with another attempt's file
                return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            case 3: // an enlarged length
                bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(0xff);
                return bytes;
            default: // a hole of zeros, as a power cut leaves
                bytes.AsSpan(at, random.Next(bytes.Length - at)).Clear();
                return bytes;
        }
    }
}
