using HpcFit.Coordinator.Merging;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Comparing;

/// <summary>The comparison of two models at every element.</summary>
internal sealed record Comparison
{
    private const string Aic = "model.AIC";
    private const string Bic = "model.BIC";
    private const string Rows = "model.nobs";

    /// <summary>The test.</summary>
    public required ComparisonTest Test { get; init; }

    /// <summary>Which model contains the other; null without a test.</summary>
    public required Nesting? Nesting { get; init; }

    /// <summary>The columns of the result and their values, NaN where models cannot be compared; the first is the id.</summary>
    public required IReadOnlyList<(string Name, double[] Values)> Columns { get; init; }

    /// <summary>The outcome of each element.</summary>
    public required ElementStatus[] Statuses { get; init; }

    /// <summary>The number of elements at which both models have values, of other subjects.</summary>
    public required long OtherSubjects { get; init; }

    /// <summary>Warnings about the inputs.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The values of a column; null: there is none.</summary>
    public double[]? Find(string name) => Columns.FirstOrDefault(column => column.Name == name).Values;

    /// <summary>Compares two models.</summary>
    /// <param name="a">The first model.</param>
    /// <param name="b">The second one; differences are its values minus those of the first.</param>
    /// <param name="test">The test.</param>
    /// <param name="assumeNested">Whether the user states that the first model is nested in the second.</param>
    /// <param name="token">Stops it.</param>
    /// <exception cref="BadInputException">The models cannot be compared; the message gives the reason.</exception>
    public static Comparison Create(ComparedModel a, ComparedModel b, ComparisonTest test, bool assumeNested, CancellationToken token)
    {
        IReadOnlyList<string> warnings = [.. new SameInputs(a, b).Check(assumeNested), .. new ComparedMixedModels(a, b).Check(test)];
        new ComparedFamilies(a, b).Check(test);
        var nesting =
            test == ComparisonTest.None ? null
            : assumeNested ? new Nesting(a, b)
            : Nesting.Determine(a, b);
        RefuseTest(a, b, test);
        Require(a, test);
        Require(b, test);
        var ids = Elements(a, b);
        var (statuses, otherSubjects) = ElementOutcomes.Compute(a, b, a.Read(Rows), b.Read(Rows));
        List<(string Name, double[] Values)> columns =
        [
            ("element_id", ids),
            ("delta.AIC", Difference(a, b, Aic)),
            ("delta.BIC", Difference(a, b, Bic)),
        ];
        if (nesting is not null)
            columns.AddRange(Tested(nesting, test, statuses, token));
        foreach (var (_, values) in columns.Skip(1))
            Blank(values, statuses);
        if (nesting is not null)
            columns.Add(("test.p.value.fdr", Corrected(columns.Find(column => column.Name == "test.p.value").Values)));
        return new()
        {
            Test = test,
            Nesting = nesting,
            Columns = columns,
            Statuses = statuses,
            OtherSubjects = otherSubjects,
            Warnings = warnings,
        };
    }

    private static List<(string, double[])> Tested(Nesting nesting, ComparisonTest test, ElementStatus[] statuses, CancellationToken token)
    {
        var statistics = test == ComparisonTest.F ? TestStatistics.OfF(nesting) : TestStatistics.OfLikelihoods(nesting);
        Blank(statistics.F, statuses);
        var p = TailProbabilities.OfF(statistics.F, statistics.Numerator, statistics.Denominator, token);
        if (test == ComparisonTest.LRT)
        {
            double[] ratio = [.. statistics.F.Zip(statistics.Numerator, (f, degrees) => f * degrees)];
            return [("test.df", statistics.Numerator), ("test.statistic", ratio), ("test.p.value", p)];
        }
        return
        [
            ("test.df", statistics.Numerator),
            ("test.df.residual", statistics.Denominator),
            ("test.statistic", statistics.F),
            ("test.p.value", p),
        ];
    }

    private static void RefuseTest(ComparedModel a, ComparedModel b, ComparisonTest test)
    {
        if (test == ComparisonTest.LRT && (a.IsGam || b.IsGam))
            throw new BadInputException(
                "The likelihood ratio compares models of lm. Models of gam are compared with --test F, as by mgcv's "
                    + "anova(m1, m2, test = \"F\")."
            );
        foreach (var model in (ComparedModel[])[a, b])
        {
            if (
                test == ComparisonTest.F
                && model.Formula.Smooths.FirstOrDefault(call => new SmoothCallParts(call).IsRandomEffect) is { } random
            )
                throw new BadInputException(
                    $"'{model.Name}' has the random effect {random}, whose degrees of freedom for an F test are not stored. "
                        + "--criteria-only compares AIC and BIC."
                );
        }
    }

    private static void Require(ComparedModel model, ComparisonTest test)
    {
        string[] missing = [.. new[] { Aic, Bic, Rows }.Concat(TestStatistics.Needed(model, test)).Where(column => !model.Has(column))];
        if (missing.Length > 0)
            throw new BadInputException(
                $"The analysis '{model.Name}' lacks {string.Join(", ", missing.Distinct())}, which a comparison needs. Fit it again with "
                    + $"{ComparedModel.Columns}"
                    + (
                        model.IsGam || model.Coefficients.Count == 0
                            ? "."
                            : $", or with --var-model {(model.IsGeneralized ? "dispersion," : "")}AIC,BIC,logLik,deviance,df.residual,nobs "
                                + "in addition to other statistics."
                    )
            );
    }

    private static double[] Elements(ComparedModel a, ComparedModel b)
    {
        const string Id = "element_id";
        double[] Ids(ComparedModel model) =>
            model.Has(Id) ? model.Read(Id) : [.. Enumerable.Range(0, model.Elements).Select(row => (double)row)];
        var ids = Ids(a);
        if (!ids.AsSpan().SequenceEqual(Ids(b)))
            throw new BadInputException(
                $"'{a.Name}' and '{b.Name}' contain other elements ({a.Elements:N0} and {b.Elements:N0}). Fit both to "
                    + "the same --element-subset."
            );
        return ids;
    }

    private static double[] Difference(ComparedModel a, ComparedModel b, string column)
    {
        var (one, other) = (a.Read(column), b.Read(column));
        for (var i = 0; i < one.Length; i++)
            one[i] = other[i] - one[i];
        return one;
    }

    private static void Blank(double[] values, ElementStatus[] statuses)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (statuses[i] == ElementStatus.NotComparable)
                values[i] = double.NaN;
        }
    }

    private static double[] Corrected(double[] p)
    {
        var corrected = new double[p.Length];
        PValueCorrection.Correct(CorrectionMethod.BenjaminiHochberg, p, corrected);
        return corrected;
    }
}
