using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Tests.Runs;

public sealed class BlockChecksumTests
{
    /// <summary>The examples of RFC 3720, appendix B.4, once for the even words and once for the odd ones.</summary>
    [Theory]
    [InlineData(0x00, 0x8A9136AAU)]
    [InlineData(0xFF, 0x62A8AB43U)]
    public void Each_half_is_a_standard_sum(byte value, uint expected)
    {
        var bytes = new byte[64];
        bytes.AsSpan().Fill(value);
        BlockChecksum.Of(bytes).ShouldBe(((ulong)expected << 32) | expected);
    }

    [Fact]
    public void It_does_not_depend_on_the_pieces_that_come()
    {
        var bytes = new byte[1003];
        new Random(1).NextBytes(bytes);
        var expected = BlockChecksum.Of(bytes);
        for (var cut = 0; cut <= bytes.Length; cut += sizeof(ulong))
        {
            var checksum = new BlockChecksum();
            checksum.Append(bytes.AsSpan(0, cut));
            checksum.Append(bytes.AsSpan(cut));
            checksum.Value.ShouldBe(expected, $"cut at {cut}");
        }
    }

    [Fact]
    public void Every_bit_counts()
    {
        var bytes = new byte[61];
        var whole = BlockChecksum.Of(bytes);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            BlockChecksum.Of(bytes).ShouldNotBe(whole, $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
