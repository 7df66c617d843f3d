using HpcFit.Coordinator.Comparing;

namespace HpcFit.Coordinator.Tests.Comparing;

/// <summary>What comparisons read from formulas.</summary>
public sealed class FormulaPartsTests
{
    [Theory]
    [InlineData("FDC ~ Age + sex", "FDC", "", "")]
    [InlineData("log( FDC )~s(Age, k = 4) + offset( IQ/ 100 )", "log(FDC)", "s(Age,k=4)", "offset(IQ/100)")]
    [InlineData("y ~ te(a, log(b), k = c(3, 4)) + s(x, bs = \"re\") + ti(a)", "y", "te(a,log(b),k=c(3,4))|s(x,bs=\"re\")|ti(a)", "")]
    [InlineData("`a ~ b` ~ ns(x) + abs(z) + my.s(x) + s(`v) w`)", "`a ~ b`", "s(`v) w`)", "")]
    [InlineData("y ~ s(x) + s(x) + offset(b) + offset(a)", "y", "s(x)", "offset(a)|offset(b)")]
    public void Response_smooths_and_offsets(string formula, string response, string smooths, string offsets)
    {
        var parts = FormulaParts.Parse(formula);
        parts.Response.ShouldBe(response);
        string.Join('|', parts.Smooths).ShouldBe(smooths);
        string.Join('|', parts.Offsets).ShouldBe(offsets);
    }

    [Theory]
    [InlineData("s(Age)", "Age", "Age", false)]
    [InlineData("s(log(Age+1),k=5,bs='cr')", "log(Age+1)", "log(Age+1)", false)]
    [InlineData("s(Age,bs=\"cc\")", "", "s(Age,bs=\"cc\")", false)]
    [InlineData("s(Age,bs=\"ts\")", "Age", "", false)]
    [InlineData("s(Age,by=sex)", "", "s(Age,by=sex)", false)]
    [InlineData("te(Age,BMI)", "Age BMI", "te(Age,BMI)", false)]
    [InlineData("ti(Age,BMI)", "", "ti(Age,BMI)", false)]
    [InlineData("s(site,bs=\"re\")", "", "", true)]
    public void Lines_and_fixed_effects_of_smooths(string call, string lines, string fixedEffects, bool isRandom)
    {
        var parts = new SmoothCallParts(call);
        string.Join(' ', parts.Lines()).ShouldBe(lines);
        string.Join(' ', parts.FixedEffects()).ShouldBe(fixedEffects);
        parts.IsRandomEffect.ShouldBe(isRandom);
    }
}
