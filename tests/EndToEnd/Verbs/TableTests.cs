using System.Globalization;
using System.Text.Json;
using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Verbs;

/// <summary>Tables of results as other programs read them, compared with the file as h5py reads it.</summary>
public sealed class TableTests : IDisposable
{
    private const int Usage = 2;
    private const int BadInput = 3;
    private readonly Study _study = new(elements: 3000, subjects: 40);
    private readonly ResultsTable _results;

    public TableTests()
    {
        HpcFitProgram.Run(_study.Lm("FD ~ Age + sex", "lm")).ShouldSucceed();
        _results = ResultsTable.Read(_study.Data, "lm");
    }

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_table_read_by_pandas_has_the_same_bits()
    {
        var table = _study.Combine("table.csv");
        HpcFitProgram.Run("export-table", _study.Data, "lm", "--output", table).ShouldSucceed();
        Python.Run("read_table.py", table, _study.Combine("values")).ShouldSucceed();
        Bits(_study.Combine("values")).ShouldBe(Bits(_results));
    }

    [Fact]
    public void A_table_read_by_R_has_the_same_numbers()
    {
        var table = _study.Combine("table.tsv");
        HpcFitProgram.Run("export-table", _study.Data, "lm", "--output", table).ShouldSucceed();
        var script = $"""
            d <- as.matrix(read.delim("{table}", check.names = FALSE))
            stopifnot(is.numeric(d))
            writeBin(as.vector(d), file("{_study.Combine("values")}", "wb"))
            """;
        using var r = Running.Start("Rscript", ["-e", script]);
        r.Wait().ShouldSucceed();
        var values = Doubles(_study.Combine("values"));
        double[] expected = [.. _results.Columns.SelectMany(column => column)];
        values.Length.ShouldBe(expected.Length);
        for (var i = 0; i < values.Length; i++)
        {
            // R's parser may round the last bit.
            if (!double.IsNaN(expected[i]) || !double.IsNaN(values[i]))
                Math.Abs(values[i] - expected[i])
                    .ShouldBeLessThanOrEqualTo(Math.BitIncrement(Math.Abs(expected[i])) - Math.Abs(expected[i]));
        }
    }

    [Fact]
    public void Selected_and_sorted_rows_are_those_of_the_file()
    {
        var (p, estimates) = (_results["Age.p.value"], _results["Age.estimate"]);
        var expected = Enumerable
            .Range(0, p.Length)
            .Where(row => p[row] < 0.3 && estimates[row] > 0)
            .OrderByDescending(row => estimates[row])
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row},{p[row]:R},0,Fitted"))
            .ToList();
        expected.ShouldNotBeEmpty();
        var shown = HpcFitProgram
            .Run(
                "export-table",
                _study.Data,
                "lm",
                "--where",
                "Age.p.value < 0.3 & Age.estimate > 0",
                "--sort",
                "Age.estimate",
                "--descending",
                "--columns",
                "element_id,Age.p.value",
                "--statuses"
            )
            .ShouldSucceed()
            .Output.TrimEnd()
            .Split('\n');
        shown[0].ShouldBe("element_id,Age.p.value,element_status,status");
        shown.Skip(1).ShouldBe(expected);
    }

    [Fact]
    public void The_strongest_elements_are_those_of_the_file()
    {
        var p = _results["Age.p.value.fdr"];
        var expected = Enumerable.Range(0, p.Length).Where(row => p[row] < 0.9).OrderBy(row => p[row]).ToList();
        using var json = JsonDocument.Parse(
            HpcFitProgram.Run("top", _study.Data, "lm", "--below", "0.9", "--n", "50", "--json").ShouldSucceed().Output
        );
        var root = json.RootElement;
        root.GetProperty("format").GetInt32().ShouldBe(1);
        root.GetProperty("by").GetString().ShouldBe("Age.p.value.fdr");
        root.GetProperty("passing").GetInt32().ShouldBe(expected.Count);
        root.GetProperty("withValue").GetInt32().ShouldBe(p.Count(value => !double.IsNaN(value)));
        root.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("element_id").GetInt32()).ShouldBe(expected.Take(50));
        root.GetProperty("rows")[0].GetProperty("Age.estimate").GetDouble().ShouldBe(_results["Age.estimate"][expected[0]]);
    }

    [Fact]
    public void Mistakes_are_reported_and_leave_no_file()
    {
        Refused(BadInput, ["Did you mean 'Age.p.value'"], "top", "--by", "Age.p.valu");
        Refused(BadInput, ["Agee.p.value", "^^^^", "Did you mean"], "export-table", "--where", "Agee.p.value < 1");
        Refused(BadInput, ["'status' of", "no column"], "export-table", "--columns", "'status' of");
        Refused(Usage, ["exclude each other"], "top", "--largest", "--smallest");
        Refused(Usage, ["--below is '0,05'"], "top", "--below", "0,05");
        Refused(Usage, ["--format is 'xlsx'"], "export-table", "--format", "xlsx");
        Refused(Usage, ["--format parquet needs --output"], "export-table", "--format", "parquet");
        Refused(Usage, ["--descending needs --sort"], "export-table", "--descending");
        var output = _study.Combine("out.parquet");
        Refused(BadInput, ["ends where"], "export-table", "--where", "Age.p.value <", "--output", output);
        File.Exists(output).ShouldBeFalse();
        File.WriteAllText(output, "mine");
        Refused(BadInput, ["exists"], "export-table", "--output", output);
        File.ReadAllText(output).ShouldBe("mine");
    }

    private void Refused(int exitCode, string[] words, string verb, params string[] options) =>
        HpcFitProgram.Run([verb, _study.Data, "lm", .. options]).ShouldEndWith(exitCode).ShouldSay(words);

    private static long[] Bits(ResultsTable table) => [.. table.Columns.SelectMany(column => column).Select(Bits)];

    private static long[] Bits(string file) => [.. Doubles(file).Select(Bits)];

    private static long Bits(double value) => double.IsNaN(value) ? -1 : BitConverter.DoubleToInt64Bits(value);

    private static double[] Doubles(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var values = new double[bytes.Length / sizeof(double)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }
}
