using HpcFit.Shared.Failures;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Pipeline;

namespace HpcFit.Worker.Tests.Pipeline;

public sealed class ResponseScalarTests
{
    private readonly ModelArrayFile _file = ModelArrayFile.Open(EngineRun.OracleFile("data/two_scalars.h5"));

    [Theory]
    [InlineData("FD ~ T1w", null, "FD")]
    [InlineData("log(T1w) ~ FD", null, "T1w")]
    [InlineData("FD - Age ~ T1w", "FD", "FD")]
    public void It_is_the_one_named_or_the_one_on_the_left(string formula, string? named, string expected) =>
        Of(formula, named).Name.ShouldBe(expected);

    [Theory]
    [InlineData("FD - T1w ~ Age", null, "--scalar NAME")]
    [InlineData("FD - T1w ~ Age", "FD", "'T1w' in addition to the response 'FD'")]
    [InlineData("T1 ~ Age", null, "Did you mean 'T1w'")]
    public void Two_on_the_left_or_none_are_refused(string formula, string? named, string message) =>
        Should.Throw<BadInputException>(() => Of(formula, named)).Message.ShouldContain(message);

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
