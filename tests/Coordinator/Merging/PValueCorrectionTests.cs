using FsCheck;
using FsCheck.Fluent;
using HpcFit.Coordinator.Merging;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Tests.Merging;

public class PValueCorrectionTests
{
    public static TheoryData<string, string> CasesFromR()
    {
        var cases = new TheoryData<string, string>();
        foreach (var input in (string[])["small", "large", "clear"])
        foreach (var method in (string[])["BH", "BY", "bonferroni", "holm", "hochberg", "hommel"])
            cases.Add(input, method);
        return cases;
    }

    [Theory]
    [MemberData(nameof(CasesFromR))]
    public void Equals_p_adjust_of_R(string input, string method)
    {
        var expected = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Merging/PAdjust/expected.csv"))
            .Select(line => line.Split(','))
            .Single(fields => fields[0] == input && fields[1] == method)
            .Skip(2)
            .Select(double.Parse)
            .ToArray();
        var got = Correct(method, Input(input));
        if (input == "large")
            got = [.. got.Where((_, index) => index % 97 == 0)];

        got.Length.ShouldBe(expected.Length);
        for (var i = 0; i < got.Length; i++)
            ShouldAgree(got[i], expected[i], $"{input} {method} at {i}");
    }

    [Fact]
    public void Hommel_equals_the_definition_computed_in_n_squared()
    {
        // Few distinct values make ties, powers make values of very different sizes.
        var values = Gen.Choose(0, 40).Zip(Gen.Choose(1, 9)).Select(pair => Math.Pow(pair.Item1 / 40.0, pair.Item2));
        Prop.ForAll(
                values.ListOf().ToArbitrary(),
                list =>
                {
                    double[] p = [.. list];
                    var (got, expected) = (Correct("hommel", p), HommelByDefinition(p));
                    for (var i = 0; i < p.Length; i++)
                        ShouldAgree(got[i], expected[i], $"value {i} of {string.Join(' ', p)}");
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("BH")]
    [InlineData("BY")]
    [InlineData("bonferroni")]
    [InlineData("holm")]
    [InlineData("hochberg")]
    [InlineData("hommel")]
    public void Empty_input_one_value_and_only_missing_values_are_handled(string method)
    {
        Correct(method, []).ShouldBeEmpty();
        Correct(method, [0.3]).ShouldBe([0.3]);
        Correct(method, [double.NaN, double.NaN]).ShouldAllBe(value => double.IsNaN(value));
    }

    // R 4.2.2: p.adjust(c(0.9, -1e-3, 0.03, 1.00001), method)
    [Theory]
    [InlineData("holm", new[] { 1, -0.004, 0.09, 1 })]
    [InlineData("hochberg", new[] { 1, -0.004, 0.09, 1 })]
    [InlineData("bonferroni", new[] { 1, -0.004, 0.12, 1 })]
    [InlineData("BH", new[] { 1, -0.004, 0.06, 1 })]
    [InlineData("BY", new[] { 1, -0.0083333333333333333, 0.125, 1 })]
    public void Values_outside_0_to_1_as_Davies_method_gives_them_are_corrected_as_in_R(string method, double[] expected)
    {
        var got = Correct(method, [0.9, -1e-3, 0.03, 1.00001]);
        for (var i = 0; i < got.Length; i++)
            ShouldAgree(got[i], expected[i], $"{method} at {i}");
    }

    [Fact]
    public void The_values_do_not_depend_on_the_order_of_the_elements()
    {
        var p = Input("large");
        foreach (var method in (string[])["BH", "BY", "holm", "hochberg", "hommel"])
        {
            var (forwards, backwards) = (Correct(method, p), Correct(method, [.. p.Reverse()]));
            backwards.Reverse().ShouldBe(forwards);
        }
    }

    [Fact]
    public void May_write_over_its_input()
    {
        double[] p = [0.01, double.NaN, 0.04, 0.03];
        PValueCorrection.Correct(CorrectionMethod.Bonferroni, p, p);
        p.ShouldBe([0.03, double.NaN, 0.12, 0.09]);
    }

    [Fact]
    public void Hommel_takes_a_million_values_in_memory_of_their_size()
    {
        // By its definition it would take a million times a million steps.
        var p = Enumerable.Range(0, 1_000_000).Select(i => i * 2654435761L % 1_000_003 / 1_000_003.0).ToArray();
        var adjusted = new double[p.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        PValueCorrection.Correct(CorrectionMethod.Hommel, p, adjusted);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4L * sizeof(double) * p.Length);
        for (var i = 0; i < p.Length; i++)
            adjusted[i].ShouldBeInRange(p[i], 1);
    }

    /// <summary>
    /// min over i of max(i p, σ(i+1)) with every minimum and maximum searched in full (Meijer, Krebs and Goeman 2019, section 2).
    /// </summary>
    private static double[] HommelByDefinition(double[] p)
    {
        double[] sorted = [.. p.Order()];
        var m = sorted.Length;
        double Simes(int i) => Enumerable.Range(1, i).Min(j => i * sorted[m - i + j - 1] / j);
        double Sigma(int i) => i > m ? 0 : Enumerable.Range(i, m - i + 1).Max(Simes);
        double[] sigma = [.. Enumerable.Range(0, m + 1).Select(i => Sigma(i + 1))];
        return [.. p.Select(one => Enumerable.Range(0, m + 1).Min(i => Math.Max(i * one, sigma[i])))];
    }

    private static double[] Correct(string method, double[] p)
    {
        var corrected = new double[p.Length];
        PValueCorrection.Correct(
            method switch
            {
                "BH" => CorrectionMethod.BenjaminiHochberg,
                "BY" => CorrectionMethod.BenjaminiYekutieli,
                "bonferroni" => CorrectionMethod.Bonferroni,
                "holm" => CorrectionMethod.Holm,
                "hochberg" => CorrectionMethod.Hochberg,
                _ => CorrectionMethod.Hommel,
            },
            p,
            corrected
        );
        return corrected;
    }

    /// <summary>Relative 1e-14: products of the same factors in another order.</summary>
    private static void ShouldAgree(double got, double expected, string where)
    {
        if (double.IsNaN(expected))
            double.IsNaN(got).ShouldBeTrue(where);
        else
            Math.Abs(got - expected).ShouldBeLessThanOrEqualTo(1e-14 * Math.Abs(expected), where);
    }

    /// <summary>The inputs of PAdjust/make.R, by its integer recurrence.</summary>
    private static double[] Input(string name)
    {
        switch (name)
        {
            case "small":
                double[] small = [.. Recurrence(40, 7).Select(x => x * x * x)];
                small[4] = small[16] = double.NaN;
                small[7] = small[8] = small[9] = 0.04;
                small[19] = 0;
                small[20] = 1;
                return small;
            case "large":
                var large = Recurrence(5000, 11);
                for (var i = 0; i < 400; i++)
                    large[i] = Math.Pow(large[i], 6) * 1e-3;
                for (var i = 49; i < 5000; i += 500)
                    large[i] = double.NaN;
                for (var i = 3000; i < 3100; i++)
                    large[i] = large[2999];
                return large;
            default:
                return [.. Recurrence(300, 3).Select(x => x * 1e-6)];
        }
    }

    private static double[] Recurrence(int n, long state)
    {
        var values = new double[n];
        for (var i = 0; i < n; i++)
            values[i] = (state = state * 16807 % 2147483647) / 2147483647.0;
        return values;
    }
}
