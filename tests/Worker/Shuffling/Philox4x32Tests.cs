using HpcFit.Worker.Shuffling;

namespace HpcFit.Worker.Tests.Shuffling;

/// <summary>The published known answers of Philox4x32-10 (kat_vectors of Random123, Salmon et al. 2011).</summary>
public sealed class Philox4x32Tests
{
    [Theory]
    [InlineData(new uint[] { 0, 0, 0, 0 }, 0ul, new[] { 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u })]
    [InlineData(
        new[] { 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu },
        0xffffffffffffffffu,
        new[] { 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu }
    )]
    [InlineData(
        new[] { 0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u },
        0x299f31d0a4093822u,
        new[] { 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u }
    )]
    public void Is_the_published_generator(uint[] counter, ulong key, uint[] expected)
    {
        var (a, b, c, d) = Philox4x32.Compute(new(counter[0], counter[1], counter[2], counter[3]), key);
        new[] { a, b, c, d }.ShouldBe(expected);
    }
}
