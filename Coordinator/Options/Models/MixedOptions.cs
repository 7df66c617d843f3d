using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The options of <c>--model lmm</c>: its own, and those that it shares with lm.</summary>
/// <param name="linear">The options of lm.</param>
/// <param name="hypotheses">Contrasts, tests and effect sizes of lm.</param>
internal sealed class MixedOptions(LinearOptions linear, HypothesisOptions hypotheses) : IEngineOptions
{
    private readonly Option<bool> _ml = SwitchOption.Create(
        "--ml",
        "lmm, gamm: maximise the likelihood instead of the restricted likelihood"
    );
    private readonly Option<string> _df = ChoiceOption.Create(
        "--df",
        "lmm: degrees of freedom of tests: satterthwaite, kr (Kenward-Roger, also standard errors), residual (observations less fixed "
            + "effects) or normal (none) (default: satterthwaite)",
        MixedSpec.Satterthwaite,
        MixedSpec.Satterthwaite,
        MixedSpec.KenwardRoger,
        MixedSpec.Residual,
        MixedSpec.Normal
    );

    private readonly Option<string?> _withinBetween = ListOption.Create(
        "--within-between",
        "lmm, gamm: split variables into the mean of each group and the deviation from it: Age adds the columns Age_between and Age_within"
    );
    private readonly Option<string?> _testRandom = TextOption.Optional(
        "--test-random",
        TextOption.Name,
        "lmm: test the random intercept of this grouping factor by a likelihood ratio: id; exact: by its simulated distribution, which "
            + "also holds for few groups; gamm: id, by the test of mgcv"
    );

    /// <summary>The options that gamm has, too.</summary>
    public IReadOnlyList<Option> OfMixed => [_ml, _testRandom, _withinBetween];

    /// <summary>Whether the likelihood is maximised.</summary>
    public bool IsMl(ParseResult line) => line.GetValue(_ml);

    public string Engine => "lmm";

    public bool NeedsFormula => true;

    public IReadOnlyList<Option> Options => [_ml, _df, _testRandom, _withinBetween, .. hypotheses.OfParametric, .. OfResults];

    public IReadOnlyList<Option> OfResults => linear.OfTerms;

    public IEnumerable<string> DerivedColumns(ModelSpec model, ParseResult line) =>
        WithinBetween.Columns(_withinBetween.Name, ListOption.Parse(line.GetValue(_withinBetween)) ?? [], model.Formula);

    public ModelSpec Apply(ModelSpec model, ParseResult line)
    {
        var mixed = ApplyMixed(model, line, line.GetValue(_df)!);
        return mixed with
        {
            VarTerms = ListOption.Parse(line.GetValue(linear.OfTerms[0])),
            CorrectPValueTerms = ListOption.Parse(line.GetValue(linear.OfTerms[1])),
        };
    }

    /// <summary>What every mixed model has.</summary>
    /// <param name="model">The model.</param>
    /// <param name="line">The command line.</param>
    /// <param name="df">The degrees of freedom of its tests.</param>
    public ModelSpec ApplyMixed(ModelSpec model, ParseResult line, string df)
    {
        var requested = hypotheses.ReadMixed(line);
        var isLevelGiven = line.GetResult(hypotheses.ConfLevel) is { Implicit: false };
        return model with
        {
            Hypotheses = requested,
            Mixed = new()
            {
                Ml = line.GetValue(_ml),
                Df = df,
                TestRandom = line.GetValue(_testRandom),
                ConfLevel = isLevelGiven || requested is { EffectSizes: true } ? line.GetValue(hypotheses.ConfLevel) : null,
            },
        };
    }
}
