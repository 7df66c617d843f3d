using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Kernels;

namespace HpcFit.Worker.Tests.Gam.Generalized;

/// <summary>What a generalized additive model refuses, and the statuses of responses that it cannot fit.</summary>
public sealed class GeneralizedEngineTests
{
    private const int Subjects = 60;

    private static readonly double[] Ages = [.. Enumerable.Range(0, Subjects).Select(i => 8 + (i * 0.21))];

    [Theory]
    [InlineData("binomial", "GCV.Cp")]
    [InlineData("nb", "P-REML")]
    public void Criteria_without_a_likelihood_are_refused(string family, string method) =>
        Should
            .Throw<UsageException>(() => Engine(family, "log", method))
            .Message.ShouldStartWith($"--method {method} is not available for --family {family}");

    [Fact]
    public void Responses_outside_a_family_are_invalid()
    {
        Status("binomial", "logit", i => i % 2 == 0 ? 0.4 : 1).ShouldBe(ElementStatus.InvalidValue);
        Status("poisson", "log", i => i - 1).ShouldBe(ElementStatus.InvalidValue);
        Status("Gamma", "log", i => i).ShouldBe(ElementStatus.InvalidValue);
        Status("nb", "log", i => i + 0.5).ShouldBe(ElementStatus.InvalidValue);
    }

    [Fact]
    public void Responses_that_leave_nothing_to_estimate_are_constant()
    {
        Status("binomial", "logit", _ => 1).ShouldBe(ElementStatus.ConstantResponse);
        Status("poisson", "log", _ => 0).ShouldBe(ElementStatus.ConstantResponse);
        Status("Gamma", "log", _ => 2).ShouldBe(ElementStatus.ConstantResponse);
        Status("poisson", "log", _ => 3).ShouldBe(ElementStatus.Fitted);
    }

    [Fact]
    public void Separated_responses_have_no_fit() =>
        Status("binomial", "logit", i => Ages[i] > 14 ? 1 : 0).ShouldBe(ElementStatus.Separation);

    /// <summary>The element's columns are NaN unless it is fitted.</summary>
    private static ElementStatus Status(string family, string link, Func<int, double> response)
    {
        var engine = Engine(family, link, "REML");
        double[] values = [.. Enumerable.Range(0, Subjects).Select(response)];
        var results = new ResultBlock(new(0, 1), new double[engine.Layout.PartialColumns.Count], new ElementStatus[1]);
        using var fitter = engine.CreateFitter();
        fitter.Fit(
            new(
                new[] { new ScalarValues(0, 1, default, values, 1) },
                [
                    [.. Enumerable.Range(0, Subjects)],
                ]
            ),
            results
        );
        for (var c = 0; c < engine.Layout.PartialColumns.Count; c++)
            double.IsNaN(results.Column(c)[0]).ShouldBe(results.Status[0] != ElementStatus.Fitted, engine.Layout.PartialColumns[c]);
        return results.Status[0];
    }

    private static GamEngine Engine(string family, string link, string method) =>
        GamEngine.Create(
            new()
            {
                Engine = "gam",
                Formula = "y ~ s(Age, k = 5)",
                Family = new() { Name = family, Link = link },
                Gam = new() { Method = method },
            },
            Cohort(),
            ["y"],
            "y",
            KernelChoice.Auto,
            1 << 20
        );

    private static CohortTable Cohort()
    {
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, ["source_file,Age", .. Ages.Select((age, i) => FormattableString.Invariant($"s{i},{age}"))]);
        var cohort = CohortTable.Read(file);
        File.Delete(file);
        return cohort;
    }
}
