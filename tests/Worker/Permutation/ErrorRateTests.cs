using System.Globalization;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Worker.Tests.Permutation;

/// <summary>
/// Studies without any effect: how often the smallest family-wise p-value of their elements is at most 0.05. Seeds are fixed, so the rates
/// are numbers, not chances.
/// </summary>
public sealed class ErrorRateTests
{
    private const int Studies = 2000;
    private const double Level = 0.05;
    private const int Elements = 8;

    /// <summary>They share the cohort and its shuffles.</summary>
    private const int StudiesPerCohort = 20;

    /// <summary>The interval that holds 99.9 % of the rates of a test whose level is 0.05.</summary>
    private const double Least = 0.034;
    private const double Most = 0.067;

    /// <summary>
    /// Small groups, a covariate with an effect, noise with long tails in every second study, and elements that share noise.
    /// </summary>
    [Theory]
    [InlineData("y ~ group + age", "t: group", PermutationSpec.Exchangeable, PermutationSpec.FreedmanLane)]
    [InlineData("y ~ group + age", "t: group", PermutationSpec.Exchangeable, PermutationSpec.Dekker)]
    [InlineData("y ~ age", "t: Intercept", PermutationSpec.Symmetric, PermutationSpec.FreedmanLane)]
    [InlineData("y ~ group + age", "t: age", PermutationSpec.Both, PermutationSpec.FreedmanLane)]
    public void Null_studies_are_rejected_at_the_level(string formula, string contrast, string errors, string method)
    {
        var spec = new PermutationSpec
        {
            Count = 100,
            Errors = errors,
            Method = method,
        };
        Rate(subjects: 14, formula, contrast, spec, level: Level)
            .ShouldBeInRange(Least, Most, $"{formula}, {contrast}, {errors}, {method}");
    }

    /// <summary>All shuffles of a design without nuisance: the rate is at most the level, whatever the distribution.</summary>
    [Theory]
    [InlineData("y ~ group", "t: group", PermutationSpec.Exchangeable, 6, 720)]
    [InlineData("y ~ 1", "t: Intercept", PermutationSpec.Symmetric, 7, 128)]
    public void Enumerated_designs_are_rejected_at_most_at_the_level(
        string formula,
        string contrast,
        string errors,
        int subjects,
        int possible
    )
    {
        var spec = new PermutationSpec { Count = 5000, Errors = errors };
        // With three against three of twenty divisions, a level below 2 / 20 cannot be reached.
        foreach (var level in (double[])[0.05, 0.1, 0.2])
            Rate(subjects, formula, contrast, spec, level, possible).ShouldBeLessThanOrEqualTo(level + (3 * Math.Sqrt(level / Studies)));
    }

    private static double Rate(int subjects, string formula, string contrast, PermutationSpec spec, double level, int? possible = null)
    {
        var rejected = 0;
        for (var cohort = 0; cohort < Studies / StudiesPerCohort; cohort++)
        {
            var random = new Random(cohort);
            double[] age = [.. Enumerable.Range(0, subjects).Select(row => Normal(random) + (row % 3 == 0 ? 0.8 : 0))];
            var engine = PermutationEngine.Create(Model(formula, contrast, spec with { Seed = cohort + 1 }), Cohort(age), ["y"], "y");
            possible?.ShouldBe((int)engine.Lists[0].Shuffles.Count);
            using var fitter = engine.CreateFitter();
            for (var study = 0; study < StudiesPerCohort; study++)
            {
                var effects = formula.Contains("age", StringComparison.Ordinal) && contrast != "t: age" ? age : new double[subjects];
                rejected += SmallestP(engine, fitter, Values(random, effects, isNormal: study % 2 == 0)) <= level + 1e-12 ? 1 : 0;
            }
        }
        return (double)rejected / Studies;
    }

    /// <summary>Values without an effect of what is tested; elements share half of their noise, which may have long tails.</summary>
    private static double[] Values(Random random, double[] nuisance, bool isNormal)
    {
        var values = new double[nuisance.Length * Elements];
        for (var row = 0; row < nuisance.Length; row++)
        {
            var shared = Noise();
            for (var element = 0; element < Elements; element++)
                values[(row * Elements) + element] = nuisance[row] + shared + Noise();
        }
        return values;

        double Noise() => isNormal ? Normal(random) : Normal(random) / Math.Sqrt(0.3 + random.NextDouble());
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The smallest family-wise p of a study.</summary>
    private static double SmallestP(PermutationEngine engine, IBlockFitter fitter, double[] values)
    {
        var subjects = values.Length / Elements;
        var results = new ResultBlock(new(0, Elements), new double[engine.Layout.PartialWidth * Elements], new ElementStatus[Elements])
        {
            Bytes = new byte[engine.Layout.BytesPerBlock],
        };
        fitter.Fit(
            new(
                new[] { new ScalarValues(0, Elements, default, values, Elements) },
                [
                    [.. Enumerable.Range(0, subjects)],
                ]
            ),
            results
        );
        double[] maxima =
        [
            .. NullExtremes
                .Keys(results.Bytes.Span)
                .ToArray()
                .Chunk(NullExtremes.Signs)
                .Select(signs => Math.Max(NullExtremes.Value(signs[0]), NullExtremes.Value(signs[1]))),
        ];
        return maxima.Count(value => value >= maxima[0] * (1 - 1e-10)) / (double)maxima.Length;
    }

    private static ModelSpec Model(string formula, string contrast, PermutationSpec spec) =>
        new()
        {
            Engine = "lm",
            Formula = formula,
            NumSubjLthrAbs = 2,
            NumSubjLthrRel = 0,
            Hypotheses = new() { Contrasts = [ContrastSpec.Parse(contrast, "--contrast")] },
            Permutation = spec,
        };

    private static CohortTable Cohort(double[] age)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(
                file,
                age.Select((x, row) => string.Create(CultureInfo.InvariantCulture, $"{row % 2},{x:R},sub-{row}"))
                    .Prepend("group,age,source_file")
            );
            return CohortTable.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
