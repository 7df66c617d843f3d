using System.Globalization;
using System.Text.Json;
using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tables.Formats;
using HpcFit.Coordinator.Tables.Queries;
using HpcFit.Coordinator.Tables.Ranking;
using ParquetSharp;

namespace HpcFit.Coordinator.Tests.Tables;

/// <summary>Tables in each format have the same bits as the file, read by other programs.</summary>
public sealed class TableFormatTests : IDisposable
{
    /// <summary>More rows than a piece; values whose shortest text has 17 digits, and the extremes.</summary>
    private static readonly double[] Numbers =
    [
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        5e-324,
        1.7976931348623157e308,
        -0.0,
        1 / 3.0,
        0.1 + 0.2,
        2.2250738585072014e-308,
        .. Enumerable.Range(1, RowPieces.Size).Select(i => Math.Exp(-i / 200.0) * (i % 7 == 0 ? -1 : 1)),
    ];

    private readonly ResultFile _file = new(
        [
            ("element_id", [.. Enumerable.Range(0, Numbers.Length).Select(i => (double)i)]),
            ("Age.p.value", Numbers),
            ("a \"b\",c\td", [.. Numbers.Reverse()]),
        ],
        ResultFile.Statuses([.. Enumerable.Range(0, Numbers.Length).Select(i => (short)(i % 3))])
    );

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("csv")]
    [InlineData("tsv")]
    public void Text_has_the_same_bits(string format)
    {
        var lines = System.Text.Encoding.UTF8.GetString(Write(format, null)).TrimEnd('\n').Split('\n');
        lines[0]
            .ShouldBe(
                format == "csv"
                    ? "element_id,Age.p.value,\"a \"\"b\"\",c\td\",element_status,status"
                    : "element_id\tAge.p.value\t\"a \"\"b\"\",c\td\"\telement_status\tstatus"
            );
        var cells = lines.Skip(1).Select(line => line.Split(format == "csv" ? ',' : '\t')).ToList();
        cells.Select(row => Parse(row[1])).ShouldBe(Numbers, SameBits);
        cells.Select(row => Parse(row[2])).ShouldBe(Numbers.Reverse(), SameBits);
        cells[4][3..].ShouldBe(["1", "TooFewSubjects"]);
        cells[0][1].ShouldBe("NA");
    }

    [Fact]
    public void Parquet_has_the_same_bits_in_another_implementation()
    {
        var path = _file.Combine("table.parquet");
        File.WriteAllBytes(path, Write("parquet", null));
        using var reader = new ParquetFileReader(path);
        reader.FileMetaData.Schema.ColumnRoot(1).Name.ShouldBe("Age.p.value");
        Column<double?>(reader, 1).Select(value => value ?? double.NaN).ShouldBe(Numbers, SameBits);
        Column<double?>(reader, 2).Select(value => value ?? double.NaN).ShouldBe(Numbers.Reverse(), SameBits);
        Column<double?>(reader, 1)[0].ShouldBeNull();
        Column<int>(reader, 3).Take(4).ShouldBe([0, 1, 2, 0]);
        Column<string>(reader, 4).Take(3).ShouldBe(["Fitted", "TooFewSubjects", "RankDeficient"]);
    }

    [Fact]
    public void Json_has_the_same_bits()
    {
        using var document = JsonDocument.Parse(Write("json", null));
        var root = document.RootElement;
        root.GetProperty("format").GetInt32().ShouldBe(7);
        root.GetProperty("analysis").GetString().ShouldBe("lm");
        root.GetProperty("columns").EnumerateArray().Select(one => one.GetString()).ShouldContain("a \"b\",c\td");
        var rows = root.GetProperty("rows");
        rows.EnumerateArray().Select(row => Value(row.GetProperty("Age.p.value"))).ShouldBe(Numbers, SameBits);
        rows[0].GetProperty("Age.p.value").ValueKind.ShouldBe(JsonValueKind.Null);
        rows[1].GetProperty("Age.p.value").GetString().ShouldBe("Inf");
        rows[1].GetProperty("status").GetString().ShouldBe("TooFewSubjects");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public void Sorted_rows_of_all_pieces_are_those_of_a_sort_in_memory(string format)
    {
        var bytes = Write(
            format,
            new()
            {
                Where = "Age.p.value < 0.5",
                Sort = "Age.p.value",
                Order = RowOrder.Descending,
            }
        );
        double[] expected = [.. Numbers.Where(value => value < 0.5).OrderByDescending(value => value)];
        if (format == "csv")
        {
            var cells = System
                .Text.Encoding.UTF8.GetString(bytes)
                .TrimEnd('\n')
                .Split('\n')
                .Skip(1)
                .Select(line => line.Split(','))
                .ToList();
            cells.Select(row => Parse(row[1])).ShouldBe(expected, SameBits);
            cells.ShouldAllBe(row => Parse(row[2]).Equals(Numbers[Numbers.Length - 1 - int.Parse(row[0], CultureInfo.InvariantCulture)]));
            return;
        }
        using var reader = new ParquetFileReader(new MemoryStream(bytes));
        Column<double?>(reader, 1).Select(value => value!.Value).ShouldBe(expected, SameBits);
    }

    [Fact]
    public void No_rows_are_a_table_with_a_header()
    {
        var none = new RowQuery { Where = "Age.p.value > 5 & Age.p.value < 4" };
        System.Text.Encoding.UTF8.GetString(Write("csv", none)).Count(letter => letter == '\n').ShouldBe(1);
        JsonDocument.Parse(Write("json", none)).RootElement.GetProperty("rows").GetArrayLength().ShouldBe(0);
        using var reader = new ParquetFileReader(new MemoryStream(Write("parquet", none)));
        reader.FileMetaData.NumRows.ShouldBe(0);
        reader.FileMetaData.NumColumns.ShouldBe(5);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(16790.0, "16790")]
    [InlineData(0.017935701, "0.017936")]
    [InlineData(-1234567.8, "-1.2346e06")]
    [InlineData(1.32313928e-18, "1.3231e-18")]
    [InlineData(0.05, "0.05")]
    [InlineData(0.000999999, "1e-03")]
    [InlineData(double.NaN, "NA")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Numbers_for_people_have_five_digits(double value, string expected) => AlignedTable.Rounded(value).ShouldBe(expected);

    private byte[] Write(string format, RowQuery? query)
    {
        using var table = _file.Open();
        IReadOnlyList<TableColumn> columns = [.. table.Results, .. table.Statuses];
        using var stream = new MemoryStream();
        TableFormats
            .Find(format, 7, json => json.WriteString("analysis", table.Analysis))
            .Write(new(columns, query?.Execute(table, default), table.Rows), columns, stream, default);
        return stream.ToArray();
    }

    private static T[] Column<T>(ParquetFileReader reader, int column)
    {
        var values = new List<T>();
        for (var group = 0; group < reader.FileMetaData.NumRowGroups; group++)
        {
            using var rows = reader.RowGroup(group);
            using var opened = rows.Column(column).LogicalReader<T>();
            values.AddRange(opened.ReadAll((int)rows.MetaData.NumRows));
        }
        return [.. values];
    }

    private static double Parse(string cell) =>
        cell switch
        {
            "NA" => double.NaN,
            "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(cell, CultureInfo.InvariantCulture),
        };

    private static double Value(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => double.NaN,
            JsonValueKind.String => Parse(value.GetString()!),
            _ => value.GetDouble(),
        };

    private static readonly IEqualityComparer<double> SameBits = EqualityComparer<double>.Create(
        (one, other) => BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other),
        value => value.GetHashCode()
    );
}
