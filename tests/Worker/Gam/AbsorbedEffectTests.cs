using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Tests.Gam;

public class AbsorbedEffectTests
{
    private static readonly string[] Models =
    [
        "s(Age) + s(id)",
        "Age + s(id)",
        "s(id) + s(Age) + s(site)",
        "s(Age) + s(id) of equal groups",
        "s(Age) + s(id) of singletons and pairs",
        "s(Age, cs) + s(motion) + s(id)",
        "s(Age) + s(site) + s(id)",
        "s(Age, by=sex) + s(id)",
        "te(Age, motion) + s(id)",
        "s(Age, cc) + s(id, time)",
        "s(Age) + s(id, by=sex)",
        "s(Age) + x + x twice + s(id)",
        "s(Age) + s(id) with weights",
        "s(Age) + s(site) + s(id) without variance",
        "s(Age, sp=0.3) + s(id, sp=2)",
    ];

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var model in Models)
        foreach (var method in (string[])["REML", "ML"])
            data.Add(model, method);
        return data;
    }

    // The dense columns of the same model are the reference: every result of both.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_equal_those_of_dense_columns(string model, string method)
    {
        var worst = new Dictionary<string, double>();
        for (var seed = 1; seed <= 4; seed++)
            Compare(model, method, seed, worst);
        worst.Where(pair => pair.Value > 1e-7).ShouldBeEmpty(string.Join(", ", worst.Select(pair => $"{pair.Key} {pair.Value:E1}")));
    }

    internal static void Compare(string model, string method, int seed, Dictionary<string, double> worst)
    {
        var data = new RepeatedMeasures(model, seed);
        GamDesign absorbed = data.Design(method, Absorption.Always),
            dense = data.Design(method, Absorption.Never);
        absorbed.Absorbed.ShouldNotBeNull();
        dense.Absorbed.ShouldBeNull();
        ElementFit fit = new(absorbed),
            reference = new(dense);
        fit.FitResponse(data.Response).ShouldBeTrue();
        reference.FitResponse(data.Response).ShouldBeTrue();

        Near("criterion", fit.Criterion, reference.Criterion);
        Near("deviance", fit.Deviance, reference.Deviance);
        Near("scale", fit.Scale, reference.Scale);
        Near("degrees", fit.Degrees, reference.Degrees);
        Near("logLik", fit.LogLikelihood, reference.LogLikelihood);
        Near("AIC", fit.Aic(), reference.Aic());
        Near("BIC", fit.Bic(), reference.Bic());
        for (var i = 0; i < absorbed.Smooths.Count; i++)
        {
            var place = absorbed.Smooths[i];
            Near("edf", fit.TermEdf(i), reference.TermEdf(i));
            Near("edf1", fit.TermAlternativeEdf(i), reference.TermAlternativeEdf(i));
            // The test of a term without variance is one of rounding errors.
            if (reference.TermEdf(i) < 1e-3)
                continue;
            Near("statistic " + place.Smooth.Label, fit.Test(i).Statistic, reference.Test(i).Statistic);
            Near("ref.df", fit.Test(i).ReferenceDegrees, reference.Test(i).ReferenceDegrees);
            Near("p " + place.Smooth.Label, fit.PValue(i), reference.PValue(i));
            if (place.Smooth.IsRandomEffect)
                Near("variance", fit.RandomVariance(i), reference.RandomVariance(i));
        }
        var places = absorbed.Smooths.Zip(dense.Smooths).Where(pair => !pair.First.IsAbsorbed).ToList();
        int[] own = [.. Enumerable.Range(0, absorbed.ParametricCount), .. places.SelectMany(pair => In(pair.First))],
            others = [.. Enumerable.Range(0, dense.ParametricCount), .. places.SelectMany(pair => In(pair.Second))];
        double[] covariance = new double[absorbed.CoefficientCount * absorbed.CoefficientCount],
            referenceCovariance = new double[dense.CoefficientCount * dense.CoefficientCount];
        fit.CopyCovariance(covariance);
        reference.CopyCovariance(referenceCovariance);
        for (var i = 0; i < own.Length; i++)
        {
            Near("coefficient", fit.Coefficients[own[i]], reference.Coefficients[others[i]]);
            Near("std.error", Math.Sqrt(fit.Variance(own[i])), Math.Sqrt(reference.Variance(others[i])));
            for (var j = 0; j < own.Length; j++)
                Near(
                    "covariance",
                    covariance[(own[i] * absorbed.CoefficientCount) + own[j]],
                    referenceCovariance[(others[i] * dense.CoefficientCount) + others[j]]
                );
        }
        var random = dense.Smooths[absorbed.Absorbed!.Smooth];
        var effects = new double[absorbed.Absorbed.Groups];
        fit.CopyAbsorbed(data.Weighted, effects);
        int[] seen = [.. In(random).Where(column => Enumerable.Range(0, dense.Rows).Any(row => dense.X[row, column] != 0))];
        for (var g = 0; g < seen.Length; g++)
            Near("effect", effects[g], reference.Coefficients[seen[g]]);
        Near("sum", Sum(fit) + fit.SumOfAbsorbed, Sum(reference));

        void Near(string name, double actual, double expected)
        {
            var difference = Math.Abs(actual - expected) / Math.Max(1, Math.Abs(expected));
            worst[name] = Math.Max(worst.GetValueOrDefault(name), double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }
    }

    private static double Sum(ElementFit fit)
    {
        var sum = 0.0;
        for (var i = 0; i < fit.Design.Rows; i++)
            sum += FixedOrder.Dot(fit.Design.Projector.Slice(i * fit.Design.Dimension, fit.Design.Dimension), fit.Fitted);
        return sum;
    }

    private static IEnumerable<int> In(PlacedSmooth place) => Enumerable.Range(place.First, place.Count);

    [Theory]
    [InlineData("s(Age) + s(site) + s(id)", "REML")]
    [InlineData("s(Age, cs) + s(motion) + s(id)", "ML")]
    [InlineData("te(Age, motion) + s(id)", "REML")]
    public void Derivatives_equal_central_differences(string model, string method)
    {
        var data = new RepeatedMeasures(model, seed: 5);
        var design = data.Design(method, Absorption.Always);
        var criterion = new AbsorbedCriterion(design);
        var (f, residual) = ResponseFits.Project(design, data.Response);
        var m = design.PenaltyCount;
        double[] rho = [.. design.Search.StartLogs.Select((start, j) => start - 1 + (0.7 * j))];
        double[] gradient = new double[m],
            hessian = new double[m * m];
        criterion.Start(f);
        criterion.Evaluate(f, residual, rho, gradient, hessian);
        double[] degrees = criterion.DegreesGradient.ToArray();
        const double h = 1e-4;
        for (var j = 0; j < m; j++)
        {
            double[] up = [.. rho],
                down = [.. rho],
                gradientUp = new double[m],
                gradientDown = new double[m],
                unused = new double[m * m];
            up[j] += h;
            down[j] -= h;
            var high = criterion.Evaluate(f, residual, up, gradientUp, unused);
            var degreesUp = criterion.EffectiveDegrees;
            var low = criterion.Evaluate(f, residual, down, gradientDown, unused);
            gradient[j].ShouldBe((high - low) / (2 * h), 1e-6, $"gradient {j}");
            degrees[j].ShouldBe((degreesUp - criterion.EffectiveDegrees) / (2 * h), 1e-6, $"degrees {j}");
            for (var k = 0; k < m; k++)
                hessian[(j * m) + k].ShouldBe((gradientUp[k] - gradientDown[k]) / (2 * h), 1e-6, $"Hessian {j} {k}");
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_element()
    {
        var data = new RepeatedMeasures("s(Age) + s(site) + s(id)", seed: 6);
        var fit = new ElementFit(data.Design("REML", Absorption.Always));
        var (projections, left) = ResponseFits.Project(fit.Design, data.Response);
        AskForEverything(fit, projections, left);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AskForEverything(fit, projections, left);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Bits_are_the_same_on_every_processor()
    {
        // Changes only when an algorithm changes; equal with DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0 and DOTNET_EnableHWIntrinsic=0.
        var hash = 14695981039346656037UL;
        foreach (var method in (string[])["REML", "ML"])
        {
            var data = new RepeatedMeasures("s(Age) + s(site) + s(id)", seed: 7);
            var fit = new ElementFit(data.Design(method, Absorption.Always));
            var (projections, left) = ResponseFits.Project(fit.Design, data.Response);
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(AskForEverything(fit, projections, left))) * 1099511628211UL;
        }
        hash.ShouldBe(11621142018965423135UL);
    }

    [Theory]
    [InlineData("s(Age) + s(id)", "GCV.Cp")]
    [InlineData("s(Age) + s(id)", "P-REML")]
    [InlineData("s(Age) + s(id) with zero weights", "REML")]
    [InlineData("s(Age) + s(id) without a constant", "REML")]
    public void Other_models_keep_dense_columns(string model, string method) =>
        new RepeatedMeasures(model, seed: 8).Design(method, Absorption.Always).Absorbed.ShouldBeNull();

    [Fact]
    public void The_choice_depends_on_the_number_of_levels()
    {
        var data = new RepeatedMeasures("s(Age) + s(site) + s(id)", seed: 9);
        var design = data.Design("REML", Absorption.ByCost);
        design.Smooths[design.Absorbed!.Smooth].Smooth.Label.ShouldBe("s(id)");
        new RepeatedMeasures("s(Age) + s(site)", seed: 9).Design("REML", Absorption.ByCost).Absorbed.ShouldBeNull();
    }

    private static double AskForEverything(ElementFit fit, double[] projections, double left)
    {
        if (!fit.Fit(projections, left))
            throw new InvalidOperationException("The element did not converge.");
        var sum = fit.Criterion + fit.Scale + fit.LogLikelihood + fit.Aic() + fit.Coefficients[0] + fit.Fitted[0] + fit.SumOfAbsorbed;
        for (var i = 0; i < fit.Design.CoefficientCount; i++)
            sum += fit.Variance(i);
        for (var i = 0; i < fit.Design.Smooths.Count; i++)
            sum += fit.TermEdf(i) + fit.Test(i).Statistic + fit.PValue(i);
        return sum;
    }
}
