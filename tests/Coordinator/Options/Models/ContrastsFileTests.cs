using System.Runtime.CompilerServices;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Options.Models;

public sealed class ContrastsFileTests
{
    [Fact]
    public void FSLs_names_and_matrix_are_read()
    {
        var contrasts = ContrastsFile.Read(Path("fsl.con"));
        contrasts.Select(contrast => contrast.Name).ShouldBe(["old > young", "age"]);
        contrasts
            .Select(contrast => contrast.Weights!.ToArray())
            .ShouldBe([
                [0, 1, 0],
                [0, 0, 1],
            ]);
        contrasts.ShouldAllBe(contrast => contrast.Coefficients == null);
    }

    [Fact]
    public void Rows_of_numbers_are_named_by_their_number()
    {
        var contrasts = ContrastsFile.Read(Path("mrtrix.txt"));
        contrasts.Select(contrast => contrast.Name).ShouldBe(["c1", "c2"]);
        contrasts[1].Weights!.ShouldBe([0, 0, -1]);
    }

    [Fact]
    public void A_table_names_coefficients_and_empty_fields_are_zero()
    {
        var contrasts = ContrastsFile.Read(Path("table.csv"));
        contrasts.Select(contrast => contrast.Name).ShouldBe(["old-young", "a \"b\""]);
        contrasts[1].Coefficients!.ShouldBe(["Age", "poly(x, 2)1", "sexM"]);
        contrasts
            .Select(contrast => contrast.Weights!.ToArray())
            .ShouldBe([
                [1, 0, -0.5],
                [0, 1, 0],
            ]);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("name,Age\n", "has a header and no contrast")]
    [InlineData("name,Age\nx,1,2\n", "line 2: 3 fields where the header has 2")]
    [InlineData("name,Age\nx,1,5\n,2", "3 fields")]
    [InlineData("name,Age\n,2", "no name")]
    [InlineData("name,Age\nx,one", "line 2: the weight of 'Age' is 'one', which is not a number")]
    [InlineData("name,Age\nx,inf", "line 2: the weight of 'Age' is 'inf', which is not a finite number")]
    [InlineData("1 0 x", "line 1: weight 3 is 'x', which is not a number")]
    [InlineData("1 0 0\n\n0 NaN 1", "line 3: weight 2 is 'NaN', which is not a finite number")]
    [InlineData("-inf 0 1", "line 1: weight 1 is '-inf', which is not a finite number")]
    [InlineData("1 1e999", "line 1: weight 2 is '1e999', which is not a finite number")]
    [InlineData("1 0 0\n0 1", "line 2: '0 1' has 2 weights, and line 1 has 3")]
    [InlineData("/Matrix\n1 0 0\n0 1 0 2", "line 3: '0 1 0 2' has 4 weights, and line 2 has 3")]
    [InlineData("1 0 0\n0 -0 0", "line 2: every weight of the contrast 'c2' is 0 ('0 -0 0')")]
    [InlineData("name,Age,sex\nx,0,", "line 2: every weight of the contrast 'x' is 0 ('x,0,')")]
    [InlineData("name,Age,Age\nx,1,1", "2 columns 'Age'")]
    [InlineData("/NumWaves 2", "has no line /Matrix")]
    [InlineData("/Matrix", "has no contrast after /Matrix")]
    [InlineData("/NumWaves 2\n/NumContrasts\t3\n/Matrix\n1 0\n0 1", "line 2: '/NumContrasts\t3', and 2 rows after /Matrix")]
    [InlineData("hello", "is neither a row of numbers")]
    public void A_file_without_contrasts_is_refused_with_the_line(string text, string message)
    {
        var path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("contrasts").FullName, "c.txt");
        File.WriteAllText(path, text);
        Should
            .Throw<BadInputException>(() => ContrastsFile.Read(path))
            .Message.ShouldSatisfyAllConditions(words => words.ShouldContain(message), words => words.ShouldContain(path));
        Directory.Delete(System.IO.Path.GetDirectoryName(path)!, recursive: true);
    }

    /// <summary>Its rows would be taken for weights where the model has as many coefficients as it has contrasts.</summary>
    [Fact]
    public void FSLs_F_tests_are_not_taken_for_contrasts() =>
        Should
            .Throw<BadInputException>(() => ContrastsFile.Read(Path("design.fts")))
            .Message.ShouldSatisfyAllConditions(words => words.ShouldContain("design.con"), words => words.ShouldContain("--f-test"));

    [Fact]
    public void Contrasts_remember_their_lines() =>
        ContrastsFile.Read(Path("mrtrix.txt")).ShouldAllBe(contrast => contrast.Origin!.StartsWith($"'{Path("mrtrix.txt")}', line "));

    [Fact]
    public void A_missing_file_is_named() =>
        Should.Throw<BadInputException>(() => ContrastsFile.Read("/none.csv")).Message.ShouldContain("/none.csv");

    internal static string Path(string name, [CallerFilePath] string here = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "contrasts", name);
}
