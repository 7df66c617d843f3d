using System.CommandLine;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The options of <c>--model gamm</c>, all of which gam or lmm have, too.</summary>
/// <param name="gam">The options of gam.</param>
/// <param name="mixed">The options of lmm.</param>
/// <param name="hypotheses">Contrasts, tests and effect sizes.</param>
internal sealed class MixedGamOptions(GamOptions gam, MixedOptions mixed, HypothesisOptions hypotheses) : IEngineOptions
{
    public string Engine => "gamm";

    public bool NeedsFormula => true;

    public IReadOnlyList<Option> Options => [.. gam.OfFits, .. mixed.OfMixed, .. hypotheses.OfParametric, .. OfResults];

    public IReadOnlyList<Option> OfResults => gam.OfMixedResults;

    public IEnumerable<string> DerivedColumns(ModelSpec model, ParseResult line) => mixed.DerivedColumns(model, line);

    public ModelSpec Apply(ModelSpec model, ParseResult line) =>
        mixed.ApplyMixed(gam.ApplyMixed(model, line, mixed.IsMl(line)), line, MixedSpec.Residual);
}
