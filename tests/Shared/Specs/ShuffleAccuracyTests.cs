using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Shared.Tests.Specs;

public sealed class ShuffleAccuracyTests
{
    [Theory]
    [InlineData(PermutationSpec.Exchangeable, 5000, false, 0.0002, 0.043958933, 0.056041067)]
    [InlineData(PermutationSpec.Symmetric, 100, false, 0.01, 0.0072836212, 0.0927163788)]
    [InlineData(PermutationSpec.Symmetric, 10, false, 0.1, 0, 0.1850812)]
    [InlineData(PermutationSpec.Exchangeable, 120, true, 1 / 120.0, 0.05, 0.05)]
    [InlineData(PermutationSpec.Symmetric, 64, true, 1 / 32.0, 0.05, 0.05)]
    [InlineData(PermutationSpec.Both, 720, true, 1 / 360.0, 0.05, 0.05)]
    public void P_values_have_a_least_value_and_a_Monte_Carlo_error(
        string errors,
        long count,
        bool isExhaustive,
        double least,
        double low,
        double high
    )
    {
        var accuracy = Accuracy(new("a", 3, true, 1, 20, 0), new(errors, count, isExhaustive, 9));
        accuracy.LeastP.ShouldBe(least, 1e-15);
        accuracy.Interval.Low.ShouldBe(low, 1e-7);
        accuracy.Interval.High.ShouldBe(high, 1e-7);
    }

    /// <summary>Where shuffles were counted, their share; otherwise what is known of any test.</summary>
    [Theory]
    [InlineData(PermutationSpec.Exchangeable, 720, true, null, 72L, 0.1)]
    [InlineData(PermutationSpec.Exchangeable, 720, true, PermutationSpec.Less, 36L, 0.05)]
    [InlineData(PermutationSpec.Exchangeable, 1000, false, null, 29L, 0.029)]
    [InlineData(PermutationSpec.Symmetric, 32, true, PermutationSpec.Greater, null, 1 / 32.0)]
    [InlineData(PermutationSpec.Symmetric, 32, true, null, null, 1 / 16.0)]
    public void The_least_p_is_the_share_of_the_shuffles_that_change_nothing(
        string errors,
        long count,
        bool isExhaustive,
        string? alternative,
        long? unchanged,
        double least
    )
    {
        var test = new PermutedHypothesis("a", 3, true, 1, 20, 0) { Alternative = alternative, Unchanged = unchanged };
        Accuracy(test, new(errors, count, isExhaustive, 9)).LeastP.ShouldBe(least, 1e-15);
    }

    private static ShuffleAccuracy Accuracy(PermutedHypothesis test, ShuffleSummary list) => new(new([test], [list]), test);
}
