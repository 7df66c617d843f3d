using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Tests.Runs;

public sealed class RunDigestTests
{
    [Fact]
    public void How_smooth_p_values_are_evaluated_makes_another_run_and_the_default_has_a_fixed_digest()
    {
        Digest(new()).ShouldBe("b113925ed19c02b55f5b21c52327bd67");
        Digest(new() { SmoothPValues = "davies" }).ShouldNotBe(Digest(new()));
    }

    private static string Digest(GamSpec gam) => RunDigest.Of(
        new() { Model = new() { Engine = "gam", Formula = "FD ~ s(Age)", Gam = gam }, Data = [new("data.h5", "cohort.csv")] },
        new() { NumericVersion = 2, TotalElements = 30, Scalars = [new("FD", "ab")], CohortDigest = "cd" });
}
