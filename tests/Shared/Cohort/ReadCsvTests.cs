using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Tests.Cohort;

/// <summary>Fields and files compared with the results of R's read.csv (golden/make.py).</summary>
public sealed class ReadCsvTests : IDisposable
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(GoldenFile())).RootElement;

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-cohort").FullName;

    public static TheoryData<int> Cells => [.. Enumerable.Range(0, Golden.GetProperty("cells").GetArrayLength())];

    public static TheoryData<int> Tables => [.. Enumerable.Range(0, Golden.GetProperty("tables").GetArrayLength())];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_field_has_the_type_and_value_of_read_csv(int index)
    {
        var expected = Golden.GetProperty("cells")[index];
        var cell = expected.GetProperty("cell").GetString()!;
        var column = Read($"a,b\nx,{(cell.Contains(',', StringComparison.Ordinal) ? $"\"{cell}\"" : cell)}\ny,3\n").Get("b");
        Type(column).ShouldBe(expected.GetProperty("type").GetString(), cell);
        Value(column, 0).ShouldBe(Value(expected.GetProperty("value"), column), cell);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_file_is_read_as_read_csv_reads_it(int index)
    {
        var expected = Golden.GetProperty("tables")[index];
        var title = expected.GetProperty("title").GetString()!;
        var table = Read(expected.GetProperty("text").GetString()!);
        var columns = expected.GetProperty("columns").EnumerateArray().ToList();
        table
            .Columns.Select(column => (column.Name, Type(column)))
            .ShouldBe(columns.Select(column => (column.GetProperty("name").GetString()!, column.GetProperty("type").GetString()!)), title);
        foreach (var (column, values) in table.Columns.Zip(columns))
        {
            Enumerable
                .Range(0, table.Rows)
                .Select(row => Value(column, row))
                .ShouldBe(values.GetProperty("values").EnumerateArray().Select(value => Value(value, column)), title);
        }
    }

    [Theory]
    [InlineData("a,b\n1,x,1\n1,z,2\n", "2 rows are named '1'")]
    [InlineData("a,b\n1,x,1\n,z,2\n", "row 2 has none")]
    [InlineData("a,b\nx,1,\nz,2,\n", "every row ends with a separator")]
    [InlineData("a,b\nx,1,2,3\n", "line 2: 4 fields where the header has 2")]
    [InlineData("a,b,c\n\nx,1,2\nz,2,3,4\n", "line 4: 4 fields where the header has 3")]
    [InlineData("a,b\n1,x,1\n2,3\n", "line 3: 2 fields where the header has 2 and the first row 3")]
    [InlineData("a,b\nx\"y,1\nz,2\n", "not a valid table")]
    [InlineData("a,b\n\"x,1\nz,2\n", "not a valid table")]
    public void Rows_that_R_would_fill_shift_or_swallow_are_refused(string text, string message) =>
        Should.Throw<BadInputException>(() => Read(text)).Message.ShouldContain(message);

    [Fact]
    public void Texts_of_the_user_are_missing_as_by_na_strings()
    {
        // R 4.2.2: read.csv(na.strings = c("NA", "n/a", "-", "999", ""))
        var table = Read("a,b,c\nn/a,-,x\n-,2,\n3,999,y\nNA,999.0, -\n", MissingText.With(["n/a", "-", "999", ""]));
        table.Get("a").ShouldBeOfType<NumericColumn>().Values.ShouldBe([double.NaN, double.NaN, 3, double.NaN]);
        table.Get("b").ShouldBeOfType<NumericColumn>().Values.ShouldBe([double.NaN, 2, double.NaN, 999]);
        table.Get("c").ShouldBeOfType<TextColumn>().Values.ShouldBe(["x", null, "y", " -"]);
    }

    [Fact]
    public void Rows_keep_the_number_that_they_have_in_the_file()
    {
        var table = Read("a\nx\ny\nz\n").Take([2, 0]).Take([1]).With(new NumericColumn("b", [1], true));
        table.RowInFile(0).ShouldBe(1);
    }

    private CohortTable Read(string text, MissingText? missing = null)
    {
        var path = Path.Combine(_folder, "cohort.csv");
        File.WriteAllText(path, text);
        return CohortTable.Read(path, missing: missing);
    }

    private static string Type(CohortColumn column) =>
        column switch
        {
            LogicalColumn => "logical",
            NumericColumn { IsInteger: true } => "integer",
            NumericColumn => "numeric",
            _ => "character",
        };

    private static object? Value(CohortColumn column, int row) =>
        column.IsMissing(row)
            ? null
            : column switch
            {
                LogicalColumn truths => truths.Values[row],
                NumericColumn numbers => numbers.Values[row],
                _ => ((TextColumn)column).Values[row],
            };

    private static object? Value(JsonElement value, CohortColumn column) =>
        value.GetString() switch
        {
            null => null,
            var text when column is TextColumn => text,
            "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text => double.Parse(text, CultureInfo.InvariantCulture),
        };

    private static string GoldenFile([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "golden", "read-csv.json");
}
