namespace HpcFit.Tests;

/// <summary>Damage with a fixed seed: the same file and seed give the same bytes on every machine.</summary>
internal static class Mutation
{
    private static readonly byte[] Telling = [0, 1, 2, 8, 16, 0x7f, 0x80, 0xfe, 0xff];

    /// <summary>A damaged copy.</summary>
    /// <param name="file">The sound bytes.</param>
    /// <param name="seed">Chooses the damage.</param>
    /// <param name="places">Where changes lie; null: anywhere.</param>
    public static byte[] Of(byte[] file, int seed, IReadOnlyList<int>? places = null)
    {
        var random = new Random(seed);
        var bytes = (byte[])file.Clone();
        if (random.Next(20) == 0)
            return bytes[..random.Next(bytes.Length)];
        int[] counts = [1, 1, 2, 4, 8, 16, 64];
        for (var left = counts[random.Next(counts.Length)]; left > 0; left--)
            Change(bytes, random, Place);
        return bytes;

        int Place() =>
            Math.Min(bytes.Length - 1, places is null ? random.Next(bytes.Length) : places[random.Next(places.Count)] + random.Next(8));
    }

    /// <summary>Where a binary file keeps numbers rather than compressed values: words of eight bytes with zeros around them.</summary>
    public static List<int> Metadata(byte[] file) =>
        [.. Enumerable.Range(0, (file.Length / 8) - 2).Select(word => 8 * word).Where(at => file.AsSpan(at, 16).Count((byte)0) >= 4)];

    private static void Change(byte[] bytes, Random random, Func<int> place)
    {
        var at = place();
        var word = Math.Min(8, bytes.Length - at);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = Telling[random.Next(Telling.Length)];
                break;
            case 3:
                bytes.AsSpan(at, word).Fill((byte)(random.Next(2) * 0xff));
                break;
            default:
                var from = place();
                bytes.AsSpan(from, Math.Min(word, bytes.Length - from)).ToArray().CopyTo(bytes, at);
                break;
        }
    }
}
