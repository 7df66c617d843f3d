using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Shared.Tests.Specs;

public sealed class RunDigestTests
{
    [Fact]
    public void How_smooth_p_values_are_evaluated_makes_another_run_and_the_default_has_a_fixed_digest()
    {
        Digest(new()).ShouldBe("b113925ed19c02b55f5b21c52327bd67");
        Digest(new() { SmoothPValues = "davies" }).ShouldNotBe(Digest(new()));
    }

    [Fact]
    public void Missing_value_strings_change_the_digest_but_not_their_order()
    {
        Digest(new(), "n/a", "-").ShouldNotBe(Digest(new()));
        Digest(new(), "n/a", "-").ShouldBe(Digest(new(), "-", "n/a", "-"));
    }

    [Fact]
    public void Every_option_of_hypotheses_makes_another_run_and_their_absence_has_a_fixed_digest()
    {
        Of(null).ShouldBe("a8c40fbee31e6ed75f5cf6248e1e7475");
        HypothesisSpec[] specs =
        [
            new(),
            new() { Contrasts = [new("a", "x - y")] },
            new() { Contrasts = [new("a", null, ["x"], [1])] },
            new() { Contrasts = [new("a", null, null, [1])] },
            new() { FTests = ["site"] },
            new() { AnovaType = HypothesisSpec.TypeThree },
            new() { EffectSizes = true },
            new() { ConfLevel = 0.9 },
            new() { StandardErrors = "HC3" },
            new() { Cluster = "family" },
        ];
        specs.Select(Of).Append(Of(null)).Distinct().Count().ShouldBe(specs.Length + 1);

        static string Of(HypothesisSpec? hypotheses) =>
            DigestOf(
                new()
                {
                    Engine = "lm",
                    Formula = "FD ~ Age",
                    Hypotheses = hypotheses,
                }
            );
    }

    [Fact]
    public void Every_argument_of_a_mixed_model_is_part_of_the_digest()
    {
        MixedSpec?[] specs = [null, new(), new() { Ml = true }, new() { Df = MixedSpec.Residual }, new() { ConfLevel = 0.95 }];
        specs.Select(Of).ShouldBeUnique();

        static string Of(MixedSpec? mixed) =>
            DigestOf(
                new()
                {
                    Engine = "lmm",
                    Formula = "FD ~ Age + (1 | id)",
                    Mixed = mixed,
                }
            );
    }

    [Fact]
    public void Every_random_term_of_an_additive_mixed_model_makes_another_run()
    {
        string[] terms = ["(1 | id)", "(1 | site)", "(1 | id) + (1 | site)", "(1 | site/id)", "(visit | id)", "(visit || id)"];
        terms.Select(term => Of(term, new())).ShouldBeUnique();
        MixedSpec[] specs = [new(), new() { Ml = true }, new() { TestRandom = "id" }, new() { ConfLevel = 0.9 }];
        specs.Select(spec => Of("(1 | id)", spec)).ShouldBeUnique();

        static string Of(string term, MixedSpec mixed) =>
            DigestOf(
                new()
                {
                    Engine = "gamm",
                    Formula = $"FD ~ s(Age) + {term}",
                    Gam = new() { Method = mixed.Ml ? "ML" : "REML" },
                    Mixed = mixed,
                }
            );
    }

    [Fact]
    public void The_tested_side_makes_another_run_and_both_sides_have_a_fixed_digest()
    {
        Of(null).ShouldBe("2f8078dc5596fd7fad53eba6e627f148");
        new[] { null, PermutationSpec.Greater, PermutationSpec.Less }.Select(Of).ShouldBeUnique();

        static string Of(string? alternative) =>
            DigestOf(
                new()
                {
                    Engine = "lm",
                    Formula = "FD ~ Age",
                    Permutation = new() { Count = 500, Alternative = alternative },
                }
            );
    }

    [Fact]
    public void The_family_and_its_link_are_part_of_the_digest()
    {
        FamilySpec?[] families =
        [
            null,
            new() { Name = "poisson", Link = "log" },
            new() { Name = "poisson", Link = "sqrt" },
            new() { Name = "quasipoisson", Link = "log" },
        ];
        families.Select(Of).ShouldBeUnique();

        static string Of(FamilySpec? family) =>
            DigestOf(
                new()
                {
                    Engine = "gam",
                    Formula = "FD ~ s(Age)",
                    Family = family,
                }
            );
    }

    private static string Digest(GamSpec gam, params string[] naStrings) =>
        DigestOf(
            new()
            {
                Engine = "gam",
                Formula = "FD ~ s(Age)",
                Gam = gam,
            },
            naStrings
        );

    private static string DigestOf(ModelSpec model, params string[] naStrings) =>
        RunDigest.Compute(
            new()
            {
                Model = model,
                Data = [new("data.h5", "cohort.csv")],
                Cohort = new() { NaStrings = naStrings },
            },
            new()
            {
                NumericVersion = 2,
                TotalElements = 30,
                Scalars = [new("FD", "ab")],
                CohortDigest = "cd",
            }
        );
}
