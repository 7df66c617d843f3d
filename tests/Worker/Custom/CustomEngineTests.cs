using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Custom;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Custom;

public sealed class CustomEngineTests : IDisposable
{
    private readonly CustomStudy _study = new();

    [Fact]
    public void The_function_gets_every_kind_of_phenotype_as_R_has_it()
    {
        using var engine = Engine(
            """
            f <- function(data) c(
                rows = nrow(data), frame = is.data.frame(data), age = is.integer(data$age) && is.na(data$age[4]) && sum(data$age, na.rm = TRUE) == 567,
                site = identical(data$site[1:3], c("K\u00f6ln", "a, \"b\"", "K\u00f6ln")) && is.na(data$site[5]),
                patient = is.logical(data$patient) && is.na(data$patient[6]) && data$patient[1],
                dose = is.ordered(data$dose) && identical(levels(data$dose), c("low", "middle", "high")) && is.na(data$dose[7]) && data$dose[2] == "middle",
                names = identical(names(data), c("source_file", "age", "site", "patient", "dose", "FD")))
            """
        );
        var (column, status) = CustomStudy.Fit(engine, CustomStudy.Block(0, 3));
        status.ShouldAllBe(code => code == ElementStatus.Fitted);
        column("rows").ShouldBe([20, 20, 20]);
        foreach (var name in (string[])["frame", "age", "site", "patient", "dose", "names"])
            column(name).ShouldBe([1, 1, 1], name);
    }

    [Fact]
    public void Missing_subjects_are_left_out_of_all_columns()
    {
        using var engine = Engine(
            "f <- function(data) c(n = nrow(data), first = as.numeric(substring(data$source_file[1], 2)), fd = data$FD[1], dose = "
                + "nlevels(data$dose), row = as.numeric(rownames(data)[2]))"
        );
        var (column, status) = CustomStudy.Fit(engine, CustomStudy.Block(0, 8, (s, e) => s < e), CustomStudy.Block(8, 2, (s, e) => s < 10));
        column("n")[..8].ShouldBe([20, 19, 18, 17, 16, 15, 14, 13]);
        column("first")[..8].ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
        column("fd")[3].ShouldBe(3 + (3 / 8.0));
        column("dose")[..8].ShouldAllBe(levels => levels == 3);
        status[8..].ShouldAllBe(code => code == ElementStatus.TooFewSubjects);
        column("n")[8].ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData("data.frame(a = 1L, b = TRUE)", "a,b")]
    [InlineData("list(a = 1, b = 2L)", "a,b")]
    [InlineData("c(a = 1, b = 2)", "a,b")]
    [InlineData("c(1, 2)", "v1,v2")]
    [InlineData("c(a = 1, 2)", "a,v2")]
    [InlineData("NA", "v1")]
    public void Valid_results_are_accepted(string value, string names)
    {
        using var engine = Engine($"f <- function(data) {value}");
        engine.Layout.PartialColumns.ShouldBe(names.Split(','));
        engine.Layout.Columns.Select(column => column.Name).ShouldBe(["element_id", .. names.Split(',')]);
    }

    [Theory]
    [InlineData("f <- function(data) data.frame(a = 1:2)", "2 rows; one row was expected")]
    [InlineData("f <- function(data) list(a = 1:2)", "2 values as 'a'; one was expected")]
    [InlineData("f <- function(data) list(a = 'x')", "character (\"x\") as 'a'; a number was expected")]
    [InlineData("f <- function(data) factor('x')", "factor (\"x\"); numbers were expected")]
    [InlineData("f <- function(data) NULL", "nothing")]
    [InlineData("f <- function(data) c(a = 1, a = 2)", "'a' twice")]
    [InlineData("f <- function(data) c(element_id = 1)", "element_id")]
    [InlineData("f <- function(data) stop('boom')", "every element that was tried")]
    [InlineData("x <- 1", "defines no function")]
    [InlineData("f <- function(data) {", "unexpected end of input")]
    [InlineData("quit('no', 7)", "exit code 7")]
    public void Invalid_results_are_refused(string function, string message) =>
        Should.Throw<BadInputException>(() => _study.Engine(function)).Message.ShouldContain(message);

    [Fact]
    public void The_last_function_is_called_unless_another_is_named_and_gets_its_arguments()
    {
        const string Two = "one <- function(data, k = 1) c(k = k)\ntwo = function(d, k = 2, m = 'a') c(k = k, m = nchar(m))\nthree <- 3";
        using var last = Engine(Two, spec => spec with { FunctionArgs = "k = 7, m = \"abc\"" });
        CustomStudy.Fit(last, CustomStudy.Block(0, 1)).Column("k").ShouldBe([7]);
        CustomStudy.Fit(last, CustomStudy.Block(0, 1)).Column("m").ShouldBe([3]);
        using var named = Engine(Two, spec => spec with { FunctionName = "one" });
        CustomStudy.Fit(named, CustomStudy.Block(0, 1)).Column("k").ShouldBe([1]);
        Should
            .Throw<BadInputException>(() => _study.Engine(Two, spec => spec with { FunctionName = "four" }))
            .Message.ShouldContain("one, two");
    }

    [Fact]
    public void Random_numbers_depend_on_seed_and_element_only_also_after_the_function_changed_the_generator()
    {
        const string Draw = "f <- function(data) { x <- runif(1); if (data$FD[1] == 0.25) RNGkind('Wichmann-Hill'); c(x = x) }";
        using var engine = Engine(Draw);
        var (together, _) = CustomStudy.Fit(engine, CustomStudy.Block(0, 40));
        var (apart, _) = CustomStudy.Fit(engine, CustomStudy.Block(0, 1), CustomStudy.Block(1, 4), CustomStudy.Block(5, 35));
        apart("x").ShouldBe(together("x"));
        together("x").Distinct().Count().ShouldBe(40);
        using var other = Engine(Draw, spec => spec with { Seed = 2 });
        CustomStudy.Fit(other, CustomStudy.Block(0, 40)).Column("x").ShouldNotBe(together("x"));
    }

    [Fact]
    public void The_seed_is_the_documented_formula()
    {
        new CustomSpec { Function = "f.R", Seed = 1 }
            .SeedOf(0)
            .ShouldBe(1_000_003);
        new CustomSpec { Function = "f.R", Seed = 5000 }
            .SeedOf(600_000)
            .ShouldBe((int)(5_000_615_000L % 2_147_483_647));
        new CustomSpec { Function = "f.R", Seed = int.MaxValue - 1 }
            .SeedOf(long.MaxValue >> 16)
            .ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void Failures_keep_their_elements_and_leave_the_others()
    {
        using var engine = Engine("f <- function(data) if (data$FD[1] %in% c(0.5, 2)) stop('at ', data$FD[1]) else c(x = data$FD[1])");
        var (column, status) = CustomStudy.Fit(engine, CustomStudy.Block(0, 20));
        status
            .Select((code, e) => (code, e))
            .Where(pair => pair.code != ElementStatus.Fitted)
            .ShouldBe([(ElementStatus.UserCodeFailed, 4), (ElementStatus.UserCodeFailed, 16)]);
        engine.Journal.First.ShouldBe([new(4, "at 0.5"), new(16, "at 2")]);
        column("x")[5].ShouldBe(5 / 8.0);
        column("x")[4].ShouldBe(double.NaN);
    }

    [Fact]
    public void A_scalar_that_is_also_a_phenotype_is_refused() =>
        Should
            .Throw<BadInputException>(() =>
                CustomEngine.Create(
                    new()
                    {
                        Engine = "custom",
                        Custom = new() { Function = "f.R" },
                    },
                    _study.Cohort,
                    ["age"],
                    "age"
                )
            )
            .Message.ShouldContain("'age' is the name of a scalar and of a column of the cohort");

    public void Dispose() => _study.Dispose();

    private Engined Engine(string function, Func<CustomSpec, CustomSpec>? with = null) => new(_study.Engine(function, with));

    /// <summary>An engine that is disposed with its interpreters.</summary>
    private sealed class Engined(IRunsUserCode engine) : IRunsUserCode, IDisposable
    {
        public ResultLayout Layout => engine.Layout;

        public IReadOnlyList<string> Scalars => engine.Scalars;

        public IReadOnlyList<string> CohortColumns => engine.CohortColumns;

        public ModelFrame Frame => engine.Frame;

        public int NumericVersion => engine.NumericVersion;

        public UserCodeJournal Journal => engine.Journal;

        public string FunctionDigest => engine.FunctionDigest;

        public string FunctionRuntime => engine.FunctionRuntime;

        public IBlockFitter CreateFitter() => engine.CreateFitter();

        public void CancelAfter(TimeSpan grace) => engine.CancelAfter(grace);

        public IModelEngine Learn(IEnumerable<ScalarBlock> elements) => engine.Learn(elements);

        public IModelEngine With(ResultLayout layout) => engine.With(layout);

        public void Dispose() => ((IDisposable)engine).Dispose();
    }
}
