namespace HpcFit.Worker.Hypotheses;

/// <summary>Effect sizes of tests, from t² or F df1 and the residual degrees of freedom (Cohen 1988, section 9.3).</summary>
internal static class TestEffectSize
{
    /// <summary>Those of t, in the order of result columns.</summary>
    public static readonly IReadOnlyList<string> OfT = ["partial.rsq", "partial.r", "cohens.f2"];

    /// <summary>Those of F.</summary>
    public static readonly IReadOnlyList<string> OfF = ["F.partial.rsq", "F.cohens.f2"];

    /// <summary>The value of one of them; NaN if the degrees of freedom are infinite.</summary>
    /// <param name="statistic">Its name, without <c>F.</c></param>
    /// <param name="squares">t², or F times its degrees of freedom of the numerator.</param>
    /// <param name="degrees">The residual degrees of freedom of the test.</param>
    /// <param name="sign">A number with the sign of the effect, for the partial correlation.</param>
    public static double Value(string statistic, double squares, double degrees, double sign) =>
        double.IsInfinity(degrees)
            ? double.NaN
            : statistic switch
            {
                "partial.rsq" => squares / (squares + degrees),
                "partial.r" => Math.CopySign(Math.Sqrt(squares / (squares + degrees)), sign),
                "cohens.f2" => squares / degrees,
                _ => throw new ArgumentException($"'{statistic}' is not an effect size of a test.", nameof(statistic)),
            };
}
