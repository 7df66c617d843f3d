using System.CommandLine;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The options of <c>--model lm</c> only.</summary>
/// <param name="hypotheses">Contrasts, tests and effect sizes.</param>
/// <param name="permutations">Permutation tests.</param>
/// <param name="families">The distribution of the response.</param>
internal sealed class LinearOptions(HypothesisOptions hypotheses, PermutationOptions permutations, FamilyOptions families) : IEngineOptions
{
    /// <summary>The engine of families other than the normal one.</summary>
    private const string Generalized = "glm";

    private readonly Option<string?> _varTerms = ListOption.Create(
        "--var-terms",
        "lm, lmm: statistics per term: estimate,std.error,statistic,p.value; lmm: df"
    );
    private readonly Option<string?> _correctTerms = ListOption.Create(
        "--correct-p-value-terms",
        "lm, lmm: corrections of the terms' p-values: fdr,bonferroni,holm,hochberg,hommel,BH,BY (default: fdr)"
    );
    private readonly Option<string?> _correctModel = ListOption.Create(
        "--correct-p-value-model",
        "lm: corrections of the model's p-value (default: fdr)"
    );

    /// <summary>Statistics per term, and corrections of their p-values: options of mixed models, too.</summary>
    public IReadOnlyList<Option<string?>> OfTerms => [_varTerms, _correctTerms];

    public string Engine => "lm";

    public bool NeedsFormula => true;

    public IReadOnlyList<Option> Options => [.. families.Options, .. OfResults, .. hypotheses.OfLinear];

    public IReadOnlyList<Option> OfResults => [_varTerms, _correctTerms, _correctModel, .. permutations.Options];

    public ModelSpec Apply(ModelSpec model, ParseResult line) =>
        permutations.Apply(
            (families.Read(line) is { } family ? model with { Engine = Generalized, Family = family } : model) with
            {
                VarTerms = ListOption.Parse(line.GetValue(_varTerms)),
                CorrectPValueTerms = ListOption.Parse(line.GetValue(_correctTerms)),
                CorrectPValueModel = ListOption.Parse(line.GetValue(_correctModel)),
                Hypotheses = hypotheses.Read(line),
            },
            line
        );
}
