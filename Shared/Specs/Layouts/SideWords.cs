namespace HpcFit.Shared.Specs.Layouts;

/// <summary>The words of results for the sides of a test: docs/formats/results.md.</summary>
public static class SideWords
{
    private const string TwoSided = "two-sided";

    /// <summary>Of statistics without a sign.</summary>
    private const string OneSided = "one-sided";

    /// <summary>The word for a test.</summary>
    public static string From(PermutedHypothesis hypothesis)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        return hypothesis.IsSigned ? hypothesis.Alternative ?? TwoSided : OneSided;
    }

    /// <summary>The side that a word means; an unknown one means both.</summary>
    public static TestedSide Parse(string? word) =>
        word switch
        {
            PermutationSpec.Greater or OneSided => TestedSide.Upper,
            PermutationSpec.Less => TestedSide.Lower,
            _ => TestedSide.Both,
        };
}
