using HpcFit.Shared.Specs;

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

    private static string Digest(GamSpec gam, params string[] naStrings) =>
        RunDigest.Compute(
            new()
            {
                Model = new()
                {
                    Engine = "gam",
                    Formula = "FD ~ s(Age)",
                    Gam = gam,
                },
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
