using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5.Filters;

namespace HpcFit.Shared.Tests.Hdf5.Filters;

public sealed class UnshuffleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void VectorsAndPlainLoopRestoreTheSameBytes(int size)
    {
        var random = new Random(size);
        foreach (
            var (values, start, count) in new[]
            {
                (1, 0, 1),
                (40, 0, 40),
                (100, 3, 33),
                (513, 16, 497),
                (1050, 0, 1050),
                (20, 5, 0),
                (80, 2, 70),
            }
        )
        {
            var original = new byte[values * size];
            random.NextBytes(original);
            var shuffled = new byte[original.Length];
            for (var i = 0; i < values; i++)
            {
                for (var b = 0; b < size; b++)
                    shuffled[(b * values) + i] = original[(i * size) + b];
            }
            var (fast, plain) = (new byte[count * size], new byte[count * size]);
            Unshuffle.Run(shuffled, values, start, count, size, fast);
            Unshuffle.Plain(shuffled, values, start, count, size, plain);
            plain.ShouldBe(original.AsSpan(start * size, count * size).ToArray());
            fast.ShouldBe(plain);
        }
    }

    [Fact]
    public void RunsBeyondTheChunkAreRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Unshuffle.Run(new byte[40], 10, 5, 6, 4, new byte[24]));

    [Fact]
    public void UnknownInflaterIsNamedWithTheChoices() =>
        Should.Throw<UsageException>(() => Inflaters.Create("lz4")).Message.ShouldContain("zlib or libdeflate");
}
