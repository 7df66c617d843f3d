using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Inputs;

namespace HpcFit.Worker.Tests.Pipeline;

public sealed class ResponseScalarTests
{
    private readonly ModelArrayFile _file = ModelArrayFile.Open(EngineRun.OracleFile("data/two_scalars.h5"));

    [Theory]
    [InlineData("FD ~ T1w", null, "FD")]
    [InlineData("log(T1w) ~ FD", null, "T1w")]
    [InlineData("FD - Age ~ T1w", "FD", "FD")]
    [InlineData("I(FD/T1w) ~ Age", null, "FD")]
    [InlineData("log(FD/T1w) ~ Age", "T1w", "T1w")]
    public void It_is_the_one_named_or_the_first_on_the_left(string formula, string? named, string expected) =>
        Of(formula, named).Name.ShouldBe(expected);

    [Fact]
    public void A_left_side_without_a_scalar_is_refused() =>
        Should.Throw<BadInputException>(() => Of("T1 ~ Age", null)).Message.ShouldContain("Did you mean 'T1w'");

    private ScalarMatrix Of(string formula, string? named) =>
        ResponseScalar.Find(
            new ModelSpec
            {
                Engine = "lm",
                Formula = formula,
                Scalar = named,
            },
            new ScalarCatalogue([_file])
        );
}
