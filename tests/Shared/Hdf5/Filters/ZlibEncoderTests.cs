using System.Buffers.Binary;
using System.IO.Compression;
using HpcFit.Shared.Hdf5.Filters;

namespace HpcFit.Shared.Tests.Hdf5.Filters;

/// <summary>Streams are verified by .NET's own inflater, which also checks their checksum.</summary>
public sealed class ZlibEncoderTests
{
    private const int BlockHeader = 5;

    public static TheoryData<string> Names => [.. Contents.Keys];

    private static Dictionary<string, byte[]> Contents { get; } =
        new()
        {
            ["one byte"] = [7],
            ["less than a block"] = [.. Zeros(1000), .. Noise(1000)],
            ["a float32 chunk, shuffled"] = [.. Noise(2 * 131_000), .. Narrow(131_000), .. Zeros(131_000)],
            ["noise up to a block's border"] = [.. Noise(StoredBlocks.MaxBytes), .. Zeros(10)],
            ["noise a byte short of a block"] = [.. Noise(StoredBlocks.MaxBytes - 1), .. Zeros(10)],
            ["noise behind something else"] = [.. Zeros(200_000), .. Noise(200_000)],
            ["noise, zeros, noise"] = [.. Noise(140_000), .. Zeros(300_000), .. Noise(70_000)],
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Round_trip_restores_the_bytes(string name)
    {
        var values = Contents[name];
        foreach (var level in (int[])[1, 4, 6])
        {
            foreach (var deflater in Deflaters(level))
                Inflated(Encoded(values, deflater)).ShouldBe(values);
        }
    }

    [Fact]
    public void Noise_at_the_beginning_is_stored_and_costs_next_to_nothing()
    {
        var (noise, rest) = (Noise(4 * StoredBlocks.MaxBytes), Zeros(200_000));
        foreach (var deflater in Deflaters(4))
        {
            var counting = new CountingDeflater(deflater);
            var stream = Encoded([.. noise, .. rest], counting);
            stream.Length.ShouldBeInRange(StoredBlocks.Length(noise.Length), StoredBlocks.Length(noise.Length) + 1000);
            stream.AsSpan(2 + BlockHeader, StoredBlocks.MaxBytes).SequenceEqual(noise.AsSpan(0, StoredBlocks.MaxBytes)).ShouldBeTrue();
            counting.Bytes.ShouldBe((4 * 4096) + rest.Length, "only a sample of each block of noise goes through the deflater");
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(2048)]
    public void Even_bytes_that_repeat_are_deflated(int period)
    {
        var repeated = Noise(period);
        byte[] values = [.. Enumerable.Range(0, 200_000).Select(i => period == 256 ? (byte)i : repeated[i % period])];
        foreach (var deflater in Deflaters(4))
            Encoded(values, deflater).Length.ShouldBeLessThan(10_000);
    }

    [Fact]
    public void Nearly_random_bytes_are_deflated()
    {
        // Sixteen of 256 values are missing: a prefix code needs 7.93 bits.
        byte[] values = [.. Noise(300_000).Select(value => (byte)(value % 240))];
        foreach (var deflater in Deflaters(6))
            Encoded(values, deflater).Length.ShouldBeLessThan(298_500);
    }

    [Fact]
    public void Bytes_that_do_not_fit_or_are_all_noise_are_not_encoded()
    {
        foreach (var deflater in Deflaters(4))
        {
            using var encoder = new ZlibEncoder(deflater);
            encoder.Encode(Noise(3 * StoredBlocks.MaxBytes), new byte[300_000]).ShouldBe(0);
            byte[] half = [.. Noise(140_000), .. Zeros(140_000)];
            foreach (var room in (int[])[1, 6, 4096, 100_000, 140_000])
                encoder.Encode(half, new byte[room]).ShouldBe(0, $"{room} bytes of room");
        }
    }

    [Theory]
    [InlineData(0, 1u)]
    [InlineData(1, 0x00620062u)]
    [InlineData(3, 0x024D0127u)]
    public void The_checksum_is_that_of_the_known_texts(int letters, uint sum) => Adler32.Compute("abc"u8[..letters]).ShouldBe(sum);

    [Fact]
    public void The_checksum_is_the_plain_sum_at_every_length()
    {
        byte[] values = [.. Enumerable.Repeat((byte)255, 3000), .. Noise(3000)];
        (uint a, uint b) = (1, 0);
        for (var length = 0; length < values.Length; length++)
        {
            Adler32.Compute(values.AsSpan(0, length)).ShouldBe((b << 16) | a);
            a = (a + values[length]) % 65521;
            b = (b + a) % 65521;
        }
    }

    private static byte[] Encoded(byte[] values, IDeflater deflater)
    {
        using var encoder = new ZlibEncoder(deflater);
        var destination = new byte[values.Length + 1000];
        var length = encoder.Encode(values, destination);
        length.ShouldBeGreaterThan(0);
        return destination[..length];
    }

    private static byte[] Inflated(byte[] stream)
    {
        (BinaryPrimitives.ReadUInt16BigEndian(stream) % 31).ShouldBe(0);
        using var zlib = new ZLibStream(new MemoryStream(stream), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        zlib.CopyTo(inflated);
        BinaryPrimitives.ReadUInt32BigEndian(stream.AsSpan(^4..)).ShouldBe(Adler32.Compute(inflated.ToArray()));
        return inflated.ToArray();
    }

    private static IEnumerable<IDeflater> Deflaters(int level)
    {
        yield return new RuntimeDeflater(level);
        if (LibdeflateDeflater.TryCreate(level) is { } quick)
            yield return quick;
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Narrow(int length) => [.. Noise(length).Select(value => (byte)(value % 100))];

    private static byte[] Zeros(int length) => new byte[length];

    private sealed class CountingDeflater(IDeflater deflater) : IDeflater
    {
        public long Bytes { get; private set; }

        public int Deflate(ReadOnlySpan<byte> values, Memory<byte> destination)
        {
            Bytes += values.Length;
            return deflater.Deflate(values, destination);
        }

        public void Dispose() => deflater.Dispose();
    }
}
