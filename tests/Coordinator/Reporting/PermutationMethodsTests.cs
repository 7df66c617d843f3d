using HpcFit.Coordinator.Reporting;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tests.Reporting;

public sealed class PermutationMethodsTests
{
    [Fact]
    public void Tests_are_described_with_their_shuffles_and_references()
    {
        var record = Record(
            Texts("permuted_tests", "old-young", "mean"),
            Texts("shuffled_errors", "ee", "ise"),
            Numbers("shuffles", 5000, 64),
            Numbers("shuffles_exhaustive", 0, 1),
            Numbers("least_p", 0.0002, 0.03125),
            Texts("perm_method", "freedman-lane"),
            Texts("exchange_within", "site"),
            Texts("enhance", "cfe"),
            Texts("tail", "gpd"),
            Texts("gpd_columns", "old-young.p.value.fwe.gpd", "mean.p.value.fwe.gpd"),
            Numbers("gpd_least_p", 0.000012, 0.0021),
            Numbers("gpd_extrapolated", 1234, 0),
            Texts("variance_groups", "scanner")
        );
        var sentences = string.Join(' ', PermutationMethods.Sentences(record));
        sentences.ShouldContain(
            "old-young, mean: p-values were computed from 5,000 permutations and all 64 sign flips, within site, including"
        );
        sentences.ShouldContain("by the method of Freedman and Lane (1983; Winkler et al. 2014); the least");
        sentences.ShouldContain("the least possible p is 0.0002 or 0.03125.");
        sentences.ShouldContain("of single elements and after connectivity-based fixel enhancement (Raffelt et al. 2015).");
        sentences.ShouldContain("generalised Pareto");
        sentences.ShouldContain("old-young.p.value.fwe.gpd: p-values below 1.2E-05 (elements: 1,234) are extrapolated");
        sentences.ShouldContain("are to be read as p < 1.2E-05.");
        sentences.ShouldNotContain("mean.p.value.fwe.gpd", customMessage: "no element is beyond its limit");
        sentences.ShouldContain("Groups of subjects (scanner) had variances");
        string.Join(' ', PermutationMethods.References(record))
            .ShouldSatisfyAllConditions(
                text => text.ShouldContain("Freedman D"),
                text => text.ShouldContain("Raffelt DA"),
                text => text.ShouldContain("Knijnenburg TA"),
                text => text.ShouldNotContain("Dekker")
            );
    }

    [Theory]
    [InlineData("two-sided,one-sided", "is 0.002. Contrasts were tested two-sided.")]
    [InlineData("greater,one-sided", "is 0.002. Contrasts were tested one-sided, for effects above 0, by permutation; their parametric p")]
    [InlineData("less,less", "is 0.002. Contrasts were tested one-sided, for effects below 0, by permutation; their parametric p")]
    [InlineData("one-sided,one-sided", "is 0.002. Family-wise")]
    public void The_tested_side_is_stated(string sides, string sentence) =>
        string.Join(
                ' ',
                PermutationMethods.Sentences(
                    Record(Texts("permuted_tests", "a", "site.F"), Texts("sides", sides.Split(',')), Numbers("least_p", 0.002))
                )
            )
            .ShouldContain(sentence);

    [Fact]
    public void Without_permutation_tests_there_are_no_sentences()
    {
        PermutationMethods.Sentences(Record(Texts("f_test", "site"))).ShouldBeEmpty();
        PermutationMethods.References(Record()).ShouldBeEmpty();
    }

    private static AnalysisFact Texts(string name, params string[] texts) => new(name, texts.Length > 1) { Texts = texts };

    private static AnalysisFact Numbers(string name, params double[] numbers) => new(name, IsList: true) { Numbers = numbers };

    private static AnalysisRecord Record(params AnalysisFact[] facts) => new(facts.ToDictionary(fact => fact.Name));
}
