using HpcFit.Shared.Cohort;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Tests.Cohort;

/// <summary>Cohorts in JSON: docs/formats/cohort-json.md.</summary>
public sealed class TypedCohortTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-cohort-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string text, string name = "cohort.json")
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private CohortTable Read(params string[] columns) =>
        CohortTable.Read(Write($$"""{"format": 1, "columns": [{{string.Join(", ", columns)}}]}"""));

    [Fact]
    public void Columns_have_the_declared_types_and_null_is_missing()
    {
        var table = Read(
            """{"name": "a b", "type": "number", "values": [0.1, null, "-Inf"]}""",
            """{"name": "n", "type": "integer", "values": [1, null, -3]}""",
            """{"name": "l", "type": "logical", "values": [true, false, null]}""",
            """{"name": "t", "type": "text", "values": ["NA", "", null]}""",
            """{"name": "f", "type": "factor", "levels": ["z", "a", "unused"], "values": ["a", null, "z"]}""",
            """{"name": "o", "type": "ordered", "levels": ["lo", "hi"], "values": ["hi", "lo", "hi"]}"""
        );
        table.Get("a b").ShouldBeOfType<NumericColumn>().Values.ShouldBe([0.1, double.NaN, double.NegativeInfinity]);
        var integers = table.Get("n").ShouldBeOfType<NumericColumn>();
        (integers.IsInteger, integers.Values[2]).ShouldBe((true, -3));
        integers.IsMissing(1).ShouldBeTrue();
        table.Get("l").ShouldBeOfType<LogicalColumn>().Values.ShouldBe([1, 0, double.NaN]);
        table.Get("t").ShouldBeOfType<TextColumn>().Values.ShouldBe(["NA", "", null]);
        var factor = table.Get("f").ShouldBeOfType<FactorColumn>();
        factor.Codes.ShouldBe([1, -1, 0]);
        factor.Levels.ShouldBe(["z", "a", "unused"]);
        (factor.IsOrdered, table.Get("o").ShouldBeOfType<FactorColumn>().IsOrdered).ShouldBe((false, true));
    }

    [Fact]
    public void Columns_that_equal_those_of_a_CSV_file_have_the_same_bytes_in_a_digest()
    {
        var csv = CohortTable.Read(Write("source_file,Age,n,ok,sex\ns1,10.1,3,TRUE,F\ns2,NA,4,NA,M\n", "cohort.csv"));
        var json = Read(
            """{"name": "source_file", "type": "text", "values": ["s1", "s2"]}""",
            """{"name": "Age", "type": "number", "values": [10.1, null]}""",
            """{"name": "n", "type": "integer", "values": [3, 4]}""",
            """{"name": "ok", "type": "logical", "values": [true, null]}""",
            """{"name": "sex", "type": "text", "values": ["F", "M"]}"""
        );
        json.Columns.Select(column => column.ToCanonicalBytes()).ShouldBe(csv.Columns.Select(column => column.ToCanonicalBytes()));
    }

    [Fact]
    public void Text_that_a_file_declares_is_not_suspected_to_be_numbers()
    {
        var table = Read("""{"name": "grade", "type": "text", "values": ["1", "2", "n/a"]}""");
        NearlyNumericColumn.Find(table, "grade").ShouldBeNull();
        NearlyNumericColumn.Find(table.Take([2, 0]), "grade").ShouldBeNull();
        NearlyNumericColumn.Find(CohortTable.Read(Write("grade\n1\n2\nn/a\n", "cohort.csv")), "grade").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(
        """{"name": "Age", "type": "numbr", "values": [1]}""",
        "column 'Age': 'numbr' is no type of a column. Did you mean 'number'?"
    )]
    [InlineData(
        """{"name": "Age", "type": "number", "values": [1, "2"]}""",
        "column 'Age': row 2 is \"2\"; a number, \"Inf\", \"-Inf\" or null"
    )]
    [InlineData("""{"name": "Age", "type": "number", "values": [1e999]}""", "row 1 is 1e999; a number")]
    [InlineData("""{"name": "n", "type": "integer", "values": [1.5]}""", "row 1 is 1.5; a whole number of 32 bits or null")]
    [InlineData("""{"name": "n", "type": "integer", "values": [-2147483648]}""", "a whole number of 32 bits or null")]
    [InlineData("""{"name": "ok", "type": "logical", "values": [1]}""", "row 1 is 1; true, false or null was expected")]
    [InlineData("""{"name": "t", "type": "text", "values": [1]}""", "row 1 is 1; a text or null was expected")]
    [InlineData(
        """{"name": "f", "type": "factor", "levels": ["male"], "values": ["mal"]}""",
        "row 1 is 'mal', which is not among its levels. Did you mean 'male'?"
    )]
    [InlineData("""{"name": "f", "type": "factor", "levels": ["a", "a"], "values": []}""", "the level 'a' occurs 2 times")]
    [InlineData("""{"name": "f", "type": "factor", "levels": [null], "values": []}""", "level 1 is null; a text was expected")]
    [InlineData("""{"name": "f", "type": "factor", "values": ["a"]}""", "'levels' must be a list of texts")]
    [InlineData(
        """{"name": "t", "type": "text", "levels": ["a"], "values": ["a"]}""",
        "column 't' of type text has an unknown key 'levels'"
    )]
    [InlineData("""{"name": "t", "type": "text"}""", "'values' must be a list")]
    [InlineData("""{"type": "text", "values": []}""", "column 1 has no 'name'")]
    [InlineData("""{"name": "t", "name": "u", "type": "text", "values": []}""", "occurs twice")]
    public void A_fault_is_reported_with_its_place(string column, string message) =>
        Should.Throw<BadInputException>(() => Read(column)).Message.ShouldContain(message);

    [Fact]
    public void A_factor_may_have_contrasts_which_are_part_of_a_digest()
    {
        var plain = Read(WithContrasts("\"contr.sum\"").Replace("\"contrasts\": \"contr.sum\", ", "", StringComparison.Ordinal)).Get("f");
        var named = Read(WithContrasts("\"contr.sum\"")).Get("f").ShouldBeOfType<FactorColumn>();
        named.Contrasts!.Function.ShouldBe("contr.sum");
        var matrix = Read(WithContrasts("""{"columns": [[1, 0.5, -1], [0, 1, -1]]}""")).Get("f").ShouldBeOfType<FactorColumn>();
        matrix.Contrasts!.Names.ShouldBe(["1", "2"]);
        matrix.Contrasts.Columns[0].ShouldBe([1, 0.5, -1]);
        matrix.Take([0, 0]).ShouldBeOfType<FactorColumn>().Contrasts.ShouldBe(matrix.Contrasts);
        ((CohortColumn[])[plain, named, matrix]).Select(one => Convert.ToHexString(one.ToCanonicalBytes())).Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("\"contr.some\"", "'contr.some' is not a contrast. Did you mean ")]
    [InlineData("[[1, 0, -1]]", "'contrasts' must be the name of a function, or a matrix")]
    [InlineData("""{"columns": [[1, 0]]}""", "contrast 1 must be a list of 3 numbers, one per level; it is [1, 0]")]
    [InlineData("""{"columns": [[1, 0, null]]}""", "contrast 1 must be a list of 3 numbers")]
    [InlineData("""{"columns": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}""", "3 contrasts are given for 3 levels; at most 2")]
    [InlineData("""{"names": ["x", "x"], "columns": [[1, 0, 0], [0, 1, 0]]}""", "'names' of the contrasts must be 2 distinct texts")]
    [InlineData("""{"rows": 1, "columns": [[1, 0, 0]]}""", "has an unknown key 'rows'")]
    public void Contrasts_that_do_not_fit_their_factor_are_refused(string contrasts, string message) =>
        Should.Throw<BadInputException>(() => Read(WithContrasts(contrasts))).Message.ShouldContain(message);

    private static string WithContrasts(string contrasts) =>
        $$"""{"name": "f", "type": "factor", "levels": ["a", "b", "c"], "contrasts": {{contrasts}}, "values": ["a"]}""";

    [Theory]
    [InlineData("[]", "this file has no list 'columns'")]
    [InlineData("""{"columns": []}""", "'format' is missing; this version reads format 1")]
    [InlineData("""{"format": 2, "columns": []}""", "'format' is 2")]
    [InlineData("""{"format": 1, "columns": [], "rows": 3}""", "the cohort has an unknown key 'rows'")]
    [InlineData("""{"format": 1, "columns": [}""", "line 1, byte")]
    public void A_file_that_is_no_cohort_is_refused(string text, string message) =>
        Should.Throw<BadInputException>(() => CohortTable.Read(Write(text))).Message.ShouldContain(message);

    [Fact]
    public void Options_for_CSV_files_are_refused()
    {
        var path = Write("""{"format": 1, "columns": []}""");
        Should
            .Throw<BadInputException>(() => CohortTable.Read(path, missing: MissingText.With(["n/a"])))
            .Message.ShouldContain("--na-strings");
        Should
            .Throw<BadInputException>(() => CohortTable.ReadTexts(path))
            .Message.ShouldContain("is JSON; a CSV or TSV table was expected");
    }
}
