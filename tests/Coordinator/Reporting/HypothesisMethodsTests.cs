using HpcFit.Coordinator.Reporting;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Tests.Reporting;

public sealed class HypothesisMethodsTests
{
    [Fact]
    public void Contrasts_tests_and_standard_errors_are_part_of_the_methods()
    {
        var record = Record(("contrast", "a: x - y"), ("f_test", "site"), ("anova_type", "II"), ("se", "HC4"), ("cluster", "family"));
        var text = string.Join(' ', HypothesisMethods.Sentences(record));
        text.ShouldContain("tested by t: a: x - y.");
        text.ShouldContain("F tests of type II: site.");
        text.ShouldContain("(HC4)");
        text.ShouldContain("(family) by the CR2 estimator");
        HypothesisMethods.References(record).Select(reference => reference.Split(' ')[0]).ShouldBe(["Cribari-Neto", "Pustejovsky"]);
    }

    [Fact]
    public void Without_them_there_is_nothing_to_report()
    {
        HypothesisMethods.Sentences(Record()).ShouldBeEmpty();
        HypothesisMethods.References(Record()).ShouldBeEmpty();
    }

    private static AnalysisRecord Record(params (string Name, string Value)[] facts) =>
        new(facts.ToDictionary(fact => fact.Name, fact => new AnalysisFact(fact.Name, IsList: true) { Texts = [fact.Value] }));
}
