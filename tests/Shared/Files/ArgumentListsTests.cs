using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public sealed class ArgumentListsTests
{
    [Fact]
    public void Lists_come_out_one_by_one_and_nothing_behind_them_is_read()
    {
        using var pipe = new MemoryStream();
        string[][] lists =
        [
            ["probe", "--spec", "/data/a\nb c.json"],
            ["fit", "--run", "été"],
        ];
        foreach (var list in lists)
            ArgumentLists.Write(pipe, list);
        pipe.WriteByte(7);
        pipe.Position = 0;

        foreach (var list in lists)
            ArgumentLists.Read(pipe).ShouldBe(list);
        pipe.ReadByte().ShouldBe(7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(9)]
    public void A_list_that_is_cut_off_is_none(int bytes)
    {
        using var whole = new MemoryStream();
        ArgumentLists.Write(whole, ["probe", "-h"]);
        using var pipe = new MemoryStream(whole.ToArray()[..bytes]);
        ArgumentLists.Read(pipe).ShouldBeNull();
    }
}
