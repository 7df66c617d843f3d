using System.CommandLine;
using HpcFit.Coordinator.Options.Models;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Tests.Options.Models;

public sealed class SpecFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_file_contains_options_of_the_command_line()
    {
        var model = Spec(
            """
            {
              "model": "gam", "data": "d.h5", "phenotypes": "c.csv", "formula": "FD ~ s(Age, k=4) + sex",
              "num-subj-lthr-abs": 20, "full-outputs": true, "select": false, "sp": [-1, 0.5], "var-smooth-terms": [],
              "contrasts": {"site": "contr.sum"}, "knots": {"Age": [1, 2.5, 4]}, "column": ["osex=ordered(sex)", "x=Age^2"], "weights": null // as R would
            }
            """
        ).Model;
        (
            model.Engine,
            model.Formula,
            model.NumSubjLthrAbs,
            model.NumSubjLthrRel,
            model.FullOutputs,
            model.Gam!.Select,
            model.Weights
        ).ShouldBe(("gam", "FD ~ s(Age, k=4) + sex", 20, 0.2, true, false, null));
        model.Gam.Sp.ShouldBe([-1, 0.5]);
        model.Gam.VarSmoothTerms.ShouldBe([]);
        model.Gam.Knots["Age"].ShouldBe([1, 2.5, 4]);
        model.Contrasts["site"].ShouldBe("contr.sum");
    }

    [Fact]
    public void Contrasts_are_a_list_or_named_by_their_keys()
    {
        const string Before = """{"model": "lm", "data": "d.h5", "phenotypes": "c.csv", "formula": "FD ~ Age", """;
        HypothesisSpec[] specs =
        [
            Spec(
                Before + """ "contrast": {"a": "`poly(Age, 2)1` - x", "b": "x"}, "f.test": ["site", "site, sex"], "se": "HC3"}"""
            ).Model.Hypotheses!,
            Spec(
                Before + """ "contrast": ["a: `poly(Age, 2)1` - x", "b: x"], "fTest": ["site", "site, sex"], "se": "HC3"}"""
            ).Model.Hypotheses!,
        ];
        foreach (var spec in specs)
        {
            spec.Contrasts.ShouldBe([new("a", "`poly(Age, 2)1` - x"), new("b", "x")]);
            spec.FTests.ShouldBe(["site", "site, sex"]);
            spec.StandardErrors.ShouldBe("HC3");
        }
    }

    [Fact]
    public void The_command_line_takes_precedence()
    {
        const string File =
            """{"model": "lm", "data": "d.h5", "phenotypes": "c.csv", "formula": "FD ~ Age", "num-subj-lthr-abs": 20, "full-outputs": true}""";
        Spec(File, "--formula", "FD ~ sex", "--full-outputs", "false")
            .Model.ShouldSatisfyAllConditions(
                model => model.Formula.ShouldBe("FD ~ sex"),
                model => model.FullOutputs.ShouldBeFalse(),
                model => model.NumSubjLthrAbs.ShouldBe(20)
            );
    }

    [Theory]
    [InlineData("num.subj.lthr.abs")]
    [InlineData("numSubjLthrAbs")]
    [InlineData("--num-subj-lthr-abs")]
    public void Keys_may_be_spelled_as_in_R_or_JSON(string key) =>
        Spec($$"""{"model": "lm", "data": "d.h5", "phenotypes": "c.csv", "formula": "FD ~ Age", "{{key}}": 7}""")
            .Model.NumSubjLthrAbs.ShouldBe(7);

    [Fact]
    public void All_unknown_keys_are_reported_with_similar_ones()
    {
        var message = Should.Throw<BadInputException>(() => Spec("""{"formulla": "x", "phenotype": "y"}""")).Message;
        message.ShouldContain("'formulla'");
        message.ShouldContain("Did you mean 'formula'");
        message.ShouldContain("Did you mean 'phenotypes'");
    }

    [Theory]
    [InlineData("[1]", "an object of options was expected")]
    [InlineData("{", "cannot be read")]
    [InlineData("""{"full-outputs": "yes"}""", "true or false")]
    [InlineData("""{"formula": [[1]]}""", "a string, a number")]
    [InlineData("""{"formula": ["a", "b"]}""", "one value (FORMULA) was expected")]
    [InlineData("""{"sp": ["0,05"]}""", "'sp[0]'")]
    [InlineData("""{"knots": {"Age": [1, "2,5"]}}""", "'knots.Age[1]'")]
    [InlineData("""{"contrasts": {"site": "contr.sum", "site": "contr.helmert"}}""", "contains 'site' twice")]
    [InlineData("""{"gamma": 1e400}""", "--gamma is '1e400'; a number above 0")]
    [InlineData("""{"analysis": "a/b"}""", "not an option")]
    [InlineData("""{"var-model": ["a"], "var.model": ["b"]}""", "more than once")]
    public void A_wrong_value_is_reported_with_what_was_expected(string json, string words) =>
        Should.Throw<BadInputException>(() => Spec(json)).Message.ShouldContain(words);

    [Fact]
    public void A_byte_order_mark_comments_and_trailing_commas_are_accepted()
    {
        File.WriteAllText(
            _file,
            """{"model": ["lm"], "data": "d.h5", "phenotypes": "c.csv", "formula": "FD ~ Age", /* mine */ "num-subj-lthr-abs": 7,}""",
            new System.Text.UTF8Encoding(true)
        );
        var (words, root, options) = Expand("--spec", _file);
        options.ToSpec(root.Parse(words)).Model.NumSubjLthrAbs.ShouldBe(7);
    }

    [Fact]
    public void A_missing_file_is_reported() =>
        Should.Throw<BadInputException>(() => Expand("--spec", "/nowhere/model.json")).Message.ShouldContain("/nowhere/model.json");

    [Fact]
    public void Without_a_spec_the_line_is_unchanged() => Expand("--model", "lm").Words.ShouldBe(["run", "--model", "lm"]);

    private RunSpec Spec(string json, params string[] typed)
    {
        File.WriteAllText(_file, json);
        var (words, root, options) = Expand(["--spec", _file, .. typed]);
        var line = root.Parse(words);
        line.Errors.ShouldBeEmpty();
        return options.ToSpec(line);
    }

    private static (IReadOnlyList<string> Words, RootCommand Root, ModelOptions Options) Expand(params string[] typed)
    {
        var options = new ModelOptions();
        var command = new Command("run");
        options.AddTo(command);
        var root = new RootCommand { command };
        return (SpecFile.Expand(root, ["run", .. typed]).ShouldHaveSingleItem(), root, options);
    }
}
