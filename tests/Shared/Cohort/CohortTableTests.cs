using System.Globalization;
using System.Text;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Tests.Cohort;

public sealed class CohortTableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-cohort").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CohortTable Read(string text, bool checkNames = true, string name = "cohort.csv")
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return CohortTable.Read(path, checkNames);
    }

    [Fact]
    public void Types_are_those_of_read_csv()
    {
        // R 4.2.2: str(read.csv(text = ...))
        var table = Read("a,b,c,d,e,f,g\n\"NA\",True,0x1A,1e5, 3,Inf,1L\nb,F,3,2,4,NaN,2\n,T,NA,,5,-inf,3\n");
        table.Get("a").ShouldBeOfType<TextColumn>().Values.ShouldBe([null, "b", ""]);
        table.Get("b").ShouldBeOfType<TextColumn>().Values.ShouldBe(["True", "F", "T"]);
        table.Get("c").ShouldBeOfType<NumericColumn>().Values.ShouldBe([26, 3, double.NaN]);
        table.Get("d").ShouldBeOfType<NumericColumn>().Values.ShouldBe([1e5, 2, double.NaN]);
        var e = table.Get("e").ShouldBeOfType<NumericColumn>();
        (e.IsInteger, e.Values[0]).ShouldBe((true, 3));
        table.Get("f").ShouldBeOfType<NumericColumn>().Values.ShouldBe([double.PositiveInfinity, double.NaN, double.NegativeInfinity]);
        table.Get("g").ShouldBeOfType<TextColumn>();
        Read("x,y\nT,3000000000\n,0\n").Get("x").ShouldBeOfType<LogicalColumn>().Values.ShouldBe([1, double.NaN]);
        Read("x,y\nT,3000000000\n,0\n").Get("y").ShouldBeOfType<NumericColumn>().IsInteger.ShouldBeFalse();
        Read("x\n 1 \n2\nNA \n").Get("x").ShouldBeOfType<TextColumn>().Values.ShouldBe([" 1 ", "2", "NA "]);
    }

    [Fact]
    public void Names_are_made_legal_and_unique_as_R_makes_them()
    {
        // R 4.2.2: names(read.csv(text = ...))
        const string header = "a;b,a b,a b,1x,_y,if,TRUE,,é,.1a\n1,2,3,4,5,6,7,8,9,10\n";
        Read(header)
            .Columns.Select(column => column.Name)
            .ShouldBe(["a.b", "a.b.1", "a.b.2", "X1x", "X_y", "if.", "TRUE.", "X", "é", "X.1a"]);
        Read("a b,c\n1,2\n", checkNames: false).Columns[0].Name.ShouldBe("a b");
    }

    [Fact]
    public void Quotes_tabs_and_a_byte_order_mark_are_read()
    {
        var quoted = Read("\uFEFFid,\"a, b\"\n1,\"x \"\"y\"\", z\"\n2,\"line\nbreak\"\n");
        quoted.Columns.Select(column => column.Name).ShouldBe(["id", "a..b"]);
        ((TextColumn)quoted.Columns[1]).Values.ShouldBe(["x \"y\", z", "line\nbreak"]);
        Read("a\tb\n1\tx,y\n", name: "t.tsv").Columns.Count.ShouldBe(2);
        Read("a\tb\n1\t2\n", name: "t.txt").Columns.Count.ShouldBe(2);
        Read("a,b\r\n1,2\r\n", name: "t.txt").Rows.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a,b\n1,2\n3\n", "line 3: 1 fields where the header has 2")]
    public void Broken_tables_are_named(string text, string message) =>
        Should.Throw<BadInputException>(() => Read(text)).Message.ShouldContain(message);

    [Fact]
    public void A_file_that_is_missing_or_not_UTF8_is_named()
    {
        Should.Throw<BadInputException>(() => CohortTable.Read(Path.Combine(_folder, "none.csv"))).Message.ShouldContain("none.csv");
        var path = Path.Combine(_folder, "latin.csv");
        File.WriteAllBytes(path, [(byte)'a', (byte)'\n', 0xE9, (byte)'\n']);
        Should.Throw<BadInputException>(() => CohortTable.Read(path)).Message.ShouldContain("UTF-8");
        Should.Throw<BadInputException>(() => Read("a,a\n1,2\n", checkNames: false)).Message.ShouldContain("2 columns are named 'a'");
    }

    [Fact]
    public void Canonical_bytes_follow_values_and_nothing_else()
    {
        var one = Read("a,b\n1,x\nNA,y\n").Get("a").ToCanonicalBytes();
        Read("a\n1.0e0\nNA\n").Get("a").ToCanonicalBytes().ShouldBe(one);
        Read("z,a\nq,1\nr,\n").Get("a").ToCanonicalBytes().ShouldBe(one);
        Read("a\n1\n2\n").Get("a").ToCanonicalBytes().ShouldNotBe(one);
    }

    [Fact]
    public void A_hundred_thousand_rows_are_read_without_pain()
    {
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, 20).Select(i => $"c{i}"))).Append('\n');
        for (var row = 0; row < 100_000; row++)
        {
            for (var column = 0; column < 19; column++)
                text.Append(CultureInfo.InvariantCulture, $"{row * 0.37 + column},");
            text.Append(row % 3 == 0 ? "M\n" : "F\n");
        }
        var path = Path.Combine(_folder, "large.csv");
        File.WriteAllText(path, text.ToString());
        var before = GC.GetAllocatedBytesForCurrentThread();
        CohortTable.Read(path).Rows.ShouldBe(100_000);
        // A string and a number per cell, and lists grown by doubling; not a copy of the table per row or column.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200L * 20 * 100_000);
    }
}
