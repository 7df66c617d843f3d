using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>
/// A response that the formula computes, from several scalars or with missing results, has the tests of the same values as a scalar.
/// </summary>
public sealed class TransformedResponseTests
{
    private const int Elements = 70;

    [Theory]
    [InlineData(PermutationSpec.Exclude)]
    [InlineData(PermutationSpec.Pattern)]
    public void A_ratio_of_two_scalars_is_tested(string missing)
    {
        var (y, v) = (PermutationStudy.Values(Elements), PermutationStudy.Values(2 * Elements));
        var ratio = new double[PermutationStudy.Subjects, Elements];
        var divisor = new double[PermutationStudy.Subjects, Elements];
        for (var subject = 0; subject < PermutationStudy.Subjects; subject++)
        for (var element = 0; element < Elements; element++)
        {
            // Missing subjects of the divisor are others than those of the response.
            divisor[subject, element] = (subject + element) % 97 == 5 ? double.NaN : v[subject, Elements + element] + 50;
            ratio[subject, element] = y[subject, element] / divisor[subject, element];
        }
        ShouldBeTheSame(Fit("I(y / v)", missing, y, divisor), Fit("y", missing, ratio));
    }

    [Theory]
    [InlineData(PermutationSpec.Exclude)]
    [InlineData(PermutationSpec.Pattern)]
    public void Subjects_without_a_transformed_value_are_missing(string missing)
    {
        var y = PermutationStudy.Values(Elements);
        var roots = new double[PermutationStudy.Subjects, Elements];
        for (var subject = 0; subject < PermutationStudy.Subjects; subject++)
        for (var element = 0; element < Elements; element++)
        {
            y[subject, element] += 4;
            if ((subject + element) % 89 == 3)
                y[subject, element] = -1;
            roots[subject, element] = y[subject, element] < 0 ? double.NaN : Math.Sqrt(y[subject, element]);
        }
        ShouldBeTheSame(Fit("sqrt(y)", missing, y), Fit("y", missing, roots));
    }

    /// <summary>Extremes of shuffles to the last bit; the plain fits of a transformed response are not made in tiles.</summary>
    private static void ShouldBeTheSame(Fitted got, Fitted expected)
    {
        got.Status.ShouldBe(expected.Status);
        got.Status.ShouldContain(ElementStatus.Fitted);
        got.Extremes.ShouldBe(expected.Extremes);
        for (var i = 0; i < expected.Columns.Length; i++)
            Near(got.Columns[i], expected.Columns[i]).ShouldBeTrue($"value {i}: {got.Columns[i]} and {expected.Columns[i]}");
    }

    private static bool Near(double got, double expected) =>
        got.Equals(expected) || Math.Abs(got - expected) <= 1e-6 * Math.Max(1, Math.Abs(expected));

    private static Fitted Fit(string response, string missing, params double[][,] scalars)
    {
        var spec = new PermutationSpec { Count = 24, Missing = missing };
        var model = PermutationStudy.Model("Age + site", spec, ["slope: Age"], "site") with { Formula = $"{response} ~ Age + site" };
        string[] names = [.. new[] { "y", "v" }.Take(scalars.Length)];
        var engine = PermutationEngine.Create(model, PermutationStudy.Cohort, names, "y", KernelChoice.Auto);
        var blocks = scalars.Select(values => PermutationStudy.Block(values, 0, Elements)).ToList();
        var (columns, status) = (new double[engine.Layout.PartialWidth * Elements], new ElementStatus[Elements]);
        var results = new ResultBlock(new(0, Elements), columns, status) { Bytes = new byte[engine.Layout.BytesPerBlock] };
        using var fitter = engine.CreateFitter();
        var values = new ScalarValues[blocks.Count];
        for (var scalar = 0; scalar < values.Length; scalar++)
            values[scalar] = blocks[scalar].Scalars.Span[0];
        fitter.Fit(new(values, [.. blocks.Select(block => block.SubjectRows[0])]), results);
        return new(columns, status, results.Bytes.ToArray());
    }

    private sealed record Fitted(double[] Columns, ElementStatus[] Status, byte[] Extremes);
}
