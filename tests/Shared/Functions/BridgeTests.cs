using HpcFit.Shared.Functions;

namespace HpcFit.Shared.Tests.Functions;

public sealed class BridgeTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        using var pipe = new MemoryStream();
        var writer = new BridgeWriter(pipe);
        writer.Write(-7);
        writer.Write(["", null, "Köln, \"x\"\n", "b"]);
        writer.Write([1.5, double.NaN, double.NegativeInfinity]);
        writer.Write([int.MinValue, 3]);
        writer.Write("one");
        writer.Send();
        pipe.Position = 0;
        var reader = new BridgeReader(pipe);
        reader.ReadInt().ShouldBe(-7);
        reader.ReadTextsOrNulls().ShouldBe(["", null, "Köln, \"x\"\n", "b"]);
        var (doubles, ints) = (new double[3], new int[2]);
        reader.ReadDoubles(doubles);
        reader.ReadInts(ints);
        doubles.ShouldBe([1.5, double.NaN, double.NegativeInfinity]);
        ints.ShouldBe([int.MinValue, 3]);
        reader.ReadTexts().ShouldBe(["one"]);
        Should.Throw<EndOfStreamException>(() => reader.ReadInt());
    }

    [Fact]
    public void An_impossible_length_allocates_nothing()
    {
        using var pipe = new MemoryStream([0xff, 0xff, 0xff, 0x7f]);
        Should.Throw<InvalidDataException>(() => new BridgeReader(pipe).ReadTexts()).Message.ShouldContain("2147483647");
    }
}
