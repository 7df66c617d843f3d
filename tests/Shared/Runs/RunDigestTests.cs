using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Tests.Runs;

public sealed class RunDigestTests
{
    [Fact]
    public void How_smooth_p_values_are_evaluated_makes_another_run_and_the_default_the_one_of_before_the_choice()
    {
        Digest(new()).ShouldBe("7f5204f0696d58affe6a7c9438388a32b31a3ab94bda65ebbf5ac06c45ebe933");
        Digest(new() { SmoothPValues = "davies" }).ShouldNotBe(Digest(new()));
    }

    private static string Digest(GamSpec gam) => RunDigest.Of(
        new() { Model = new() { Engine = "gam", Formula = "FD ~ s(Age)", Gam = gam }, Data = [new("data.h5", "cohort.csv")] },
        new() { NumericVersion = 2, TotalElements = 30, Scalars = [new("FD", "ab")], CohortSha256 = "cd" });
}
