using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Families;

namespace HpcFit.Worker.Tests.Families;

/// <summary>Links and families by their definitions: inverses, derivatives, and the deviance as an integral of the score.</summary>
public sealed class FamilyTests
{
    private static readonly double[] Means = [0.001, 0.08, 0.31, 0.5, 0.77, 0.98];

    [Fact]
    public void Links_are_inverted_and_have_the_derivatives_of_their_definition()
    {
        foreach (var name in FamilySpec.LinkNames)
        foreach (var mean in Means)
        {
            var link = Link.Create(name);
            var predictor = link.Apply(mean);
            var (inverted, slope) = link.Invert(predictor);
            Near(mean, inverted, 1e-12);
            var derivatives = link.Derivatives(mean, predictor);
            Near(1, slope * derivatives.First, 1e-11);
            var h = 1e-5 * Math.Min(mean, 1 - mean);
            Near(Slope(link.Apply, mean, h), derivatives.First, 1e-6);
            Near(Slope(m => At(link, m).First, mean, h), derivatives.Second, 1e-6);
            Near(Slope(m => At(link, m).Second, mean, h), derivatives.Third, 1e-6);
            Near(Slope(m => At(link, m).Third, mean, h), derivatives.Fourth, 1e-6);
        }
    }

    [Fact]
    public void Many_predictors_have_the_bits_of_one()
    {
        var predictors = Enumerable.Range(1, 203).Select(i => i * 0.21).ToArray();
        foreach (var name in FamilySpec.LinkNames)
        {
            var link = Link.Create(name);
            var (means, slopes) = (new double[predictors.Length], new double[predictors.Length]);
            link.Invert(predictors, means, slopes);
            for (var i = 0; i < predictors.Length; i++)
                Assert.Equal(link.Invert(predictors[i]), (means[i], slopes[i]));
        }
    }

    [Fact]
    public void Deviances_are_integrals_of_the_score()
    {
        foreach (var name in FamilySpec.Names)
        {
            var family = Family.Create(FamilySpec.Parse(name, null) ?? new() { Name = name, Link = "identity" });
            if (family is NegativeBinomialFamily counts)
                counts.Alpha = 0.4;
            foreach (var response in (double[])[0.2, 0.55, 0.9])
            foreach (var mean in Means)
            {
                Near(Integral(u => 2 * (response - u) / family.Variance(u), mean, response), family.UnitDeviance(response, mean), 1e-7);
                var derivatives = family.VarianceDerivatives(mean);
                Near(Slope(family.Variance, mean, 1e-6), derivatives.First, 1e-6);
                Near(Slope(m => family.VarianceDerivatives(m).First, mean, 1e-6), derivatives.Second, 1e-6);
                Near(Slope(m => family.VarianceDerivatives(m).Second, mean, 1e-6), derivatives.Third, 1e-6);
            }
            double[] y = [1, 0.4, 0.7, 1],
                mu = [0.9, 0.3, 0.2, 0.6],
                w = [1, 5, 10, 1];
            var sum = y.Zip(mu, family.UnitDeviance).Zip(w, (deviance, weight) => deviance * weight).Sum();
            Near(sum, family.Deviance(y, mu, w, new double[4]), 1e-13);
        }
    }

    [Fact]
    public void Zeros_and_ones_need_no_logarithm_of_zero()
    {
        var binomial = Family.Create(FamilySpec.Parse("binomial", null)!);
        Near(-2 * Math.Log(0.4 * 0.9), binomial.Deviance([1, 0], [0.4, 0.1], [1, 1], new double[2]), 1e-14);
        var poisson = Family.Create(FamilySpec.Parse("poisson", null)!);
        Near(2 * 0.4, poisson.Deviance([0], [0.4], [1], new double[1]), 1e-14);
    }

    [Fact]
    public void Normal_tails_and_quantiles_equal_Rs()
    {
        double[] x = [-37, -20, -8, -3.3, -1, -1e-3, 0, 0.5, 2, 7];
        double[] lower =
        [
            5.7255712225245771e-300,
            2.7536241186062337e-89,
            6.2209605742717849e-16,
            0.00048342414238377744,
            0.15865525393145705,
            0.49960105778608893,
            0.5,
            0.69146246127401301,
            0.97724986805182079,
            0.99999999999872013,
        ];
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(1, StandardNormal.LowerP(x[i]) / lower[i], 1e-13);
        double[] p = [1e-300, 1e-20, 1e-5, 0.03, 0.3, 0.5, 0.77, 0.99999];
        double[] quantiles =
        [
            -37.047096299361201,
            -9.2623400897984052,
            -4.2648907939228256,
            -1.8807936081512509,
            -0.52440051270804067,
            0,
            0.73884684918521371,
            4.2648907939238399,
        ];
        for (var i = 0; i < p.Length; i++)
            Near(quantiles[i], StandardNormal.Quantile(p[i]), 1e-12);
    }

    [Fact]
    public void Families_are_understood_as_R_writes_them()
    {
        (string Text, string? Link, string Name, string Expected)[] typed =
        [
            ("binomial", null, "binomial", "logit"),
            ("binomial()", null, "binomial", "logit"),
            (" binomial( link = \"probit\" ) ", null, "binomial", "probit"),
            ("binomial(cloglog)", "cloglog", "binomial", "cloglog"),
            ("Gamma(link='log')", null, "Gamma", "log"),
            ("quasipoisson", "sqrt", "quasipoisson", "sqrt"),
            ("nb", null, "nb", "log"),
            ("inverse.gaussian", null, "inverse.gaussian", "1/mu^2"),
            ("gaussian(log)", null, "gaussian", "log"),
        ];
        foreach (var (text, link, name, expected) in typed)
            Assert.Equal(new() { Name = name, Link = expected }, FamilySpec.Parse(text, link));
        Assert.Null(FamilySpec.Parse("gaussian()", null));

        (string Text, string? Link, string Expected)[] refused =
        [
            ("bonomial", null, "Did you mean 'binomial'?"),
            ("gamma", null, "Did you mean 'Gamma'?"),
            ("binomial", "inverse", "Its links, as in R: logit, probit, cauchit, cloglog, log."),
            ("binomial(link=probit)", "logit", "Give the link once."),
            ("binomial(link=probit", null, "closing parenthesis"),
            ("nb(theta=3)", null, "'theta' is not supported"),
        ];
        foreach (var (text, link, expected) in refused)
            Assert.Contains(expected, Assert.Throws<UsageException>(() => FamilySpec.Parse(text, link)).Message, StringComparison.Ordinal);
    }

    private static LinkDerivatives At(Link link, double mean) => link.Derivatives(mean, link.Apply(mean));

    private static double Slope(Func<double, double> function, double x, double h) => (function(x + h) - function(x - h)) / (2 * h);

    /// <summary>Simpson's rule, with steps that shrink towards 0 and 1.</summary>
    private static double Integral(Func<double, double> function, double from, double to)
    {
        const int Steps = 4000;
        double low = Math.Log(from / (1 - from)),
            high = Math.Log(to / (1 - to)),
            sum = 0;
        for (var i = 0; i <= Steps; i++)
        {
            var u = 1 / (1 + Math.Exp(-(low + ((high - low) * i / Steps))));
            sum += (i is 0 or Steps ? 1 : 2 + (2 * (i % 2))) * function(u) * u * (1 - u);
        }
        return sum * (high - low) / (3 * Steps);
    }

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.True(
            Math.Abs(expected - actual) <= tolerance * Math.Max(1e-3, Math.Abs(expected)) || expected.Equals(actual),
            $"expected {expected}, was {actual}"
        );
}
