using System.Globalization;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Comparing;

/// <summary>The counts of a comparison: the output of <c>compare --json</c>, docs/formats/compare-json.md.</summary>
internal sealed record ComparisonSummary
{
    /// <summary>The level of the counts.</summary>
    public const double Significance = 0.05;

    /// <summary>The version of the format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The file, as given.</summary>
    public required string File { get; init; }

    /// <summary>The first model.</summary>
    public required ModelSummary A { get; init; }

    /// <summary>The second model.</summary>
    public required ModelSummary B { get; init; }

    /// <summary>The analysis that contains the comparison; null: none was written.</summary>
    public string? Analysis { get; init; }

    /// <summary>The number of elements.</summary>
    public required long Elements { get; init; }

    /// <summary>The elements at which both models have values of the same subjects.</summary>
    public required long Compared { get; init; }

    /// <summary>The elements at which both models have values of other subjects.</summary>
    public required long OtherSubjects { get; init; }

    /// <summary>The counts by AIC.</summary>
    public required CriterionCounts Aic { get; init; }

    /// <summary>The counts by BIC.</summary>
    public required CriterionCounts Bic { get; init; }

    /// <summary>The test; null without one.</summary>
    public TestCounts? Test { get; init; }

    /// <summary>Warnings about the inputs.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Counts a comparison.</summary>
    public static ComparisonSummary Create(string file, ComparedModel a, ComparedModel b, Comparison comparison) =>
        new()
        {
            File = file,
            A = ModelSummary.From(a),
            B = ModelSummary.From(b),
            Elements = comparison.Statuses.Length,
            Compared = comparison.Statuses.Count(status => status != ElementStatus.NotComparable),
            OtherSubjects = comparison.OtherSubjects,
            Aic = CriterionCounts.Count(comparison.Find("delta.AIC")!),
            Bic = CriterionCounts.Count(comparison.Find("delta.BIC")!),
            Test = comparison.Nesting is { } nesting ? TestCounts.Count(comparison, nesting) : null,
            Warnings = comparison.Warnings,
        };

    /// <summary>The summary for people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"A           {A.Text()}";
        yield return $"B           {B.Text()}";
        yield return $"compared    {Compared:N0} of {CountText.Format(Elements, "element")}"
            + (OtherSubjects > 0 ? $"; {OtherSubjects:N0} used other subjects in B" : "")
            + (Elements - Compared - OtherSubjects is > 0 and var left ? $"; {left:N0} without a fit" : "");
        yield return $"AIC         {Aic.Text()}";
        yield return $"BIC         {Bic.Text()}";
        if (Test is { } test)
            yield return $"{test.Name, -12}{test.Text()}";
    }
}

/// <summary>A model of a comparison.</summary>
/// <param name="Analysis">Its name.</param>
/// <param name="Model">Its engine; null: unknown.</param>
/// <param name="Formula">Its formula; null: unknown.</param>
internal sealed record ModelSummary(string Analysis, string? Model, string? Formula)
{
    /// <summary>The summary of a model.</summary>
    public static ModelSummary From(ComparedModel model) => new(model.Name, model.Record.Value("model"), model.Record.Value("formula"));

    /// <summary>In words.</summary>
    public string Text() => Formula is null ? Analysis : $"{Analysis}: {Model} {Formula}";
}

/// <summary>
/// At how many elements each model has the smaller criterion. Smaller differences than <see cref="Rounding"/> are none: a smooth that is a
/// straight line differs from that line by rounding errors.
/// </summary>
/// <param name="BetterA">Where the first model has.</param>
/// <param name="BetterB">Where the second model has.</param>
/// <param name="Equal">Where both are equal.</param>
/// <param name="Median">The median of the second minus the first; null: no element has one.</param>
internal sealed record CriterionCounts(long BetterA, long BetterB, long Equal, double? Median)
{
    private const double Rounding = 1e-6;

    /// <summary>Counts differences, of which NaN do not count.</summary>
    public static CriterionCounts Count(double[] differences)
    {
        double[] sorted = [.. differences.Where(value => !double.IsNaN(value)).Order()];
        return new(
            sorted.Count(value => value > Rounding),
            sorted.Count(value => value < -Rounding),
            sorted.Count(value => Math.Abs(value) <= Rounding),
            sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2
        );
    }

    /// <summary>In words.</summary>
    public string Text() =>
        $"B is better at {CountText.Format(BetterB, "element")}, A at {BetterA:N0}"
        + (Equal > 0 ? $", equal at {Equal:N0}" : "")
        + (Median is { } median ? string.Create(CultureInfo.InvariantCulture, $"; median of B - A {median:G4}") : "");
}

/// <summary>The test of a comparison.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Nested">The analysis that is nested in the other one.</param>
/// <param name="Tested">The elements that have a p-value.</param>
/// <param name="Significant">Those with p below <see cref="ComparisonSummary.Significance"/>.</param>
/// <param name="SignificantFdr">Those with p below it after the correction over all elements.</param>
/// <param name="Level">The level.</param>
internal sealed record TestCounts(ComparisonTest Kind, string Nested, long Tested, long Significant, long SignificantFdr, double Level)
{
    /// <summary>The name of the test.</summary>
    internal string Name => Kind == ComparisonTest.F ? "F test" : "LRT";

    /// <summary>Counts p-values.</summary>
    public static TestCounts Count(Comparison comparison, Nesting nesting)
    {
        var (p, corrected) = (comparison.Find("test.p.value")!, comparison.Find("test.p.value.fdr")!);
        const double Level = ComparisonSummary.Significance;
        return new(
            comparison.Test,
            nesting.Smaller.Name,
            p.Count(value => !double.IsNaN(value)),
            p.Count(value => value < Level),
            corrected.Count(value => value < Level),
            Level
        );
    }

    /// <summary>In words.</summary>
    public string Text() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"p < {Level} at {Significant:N0} of {CountText.Format(Tested, "element")}, {SignificantFdr:N0} after "
                + $"correction (fdr); '{Nested}' is nested"
        );
}
