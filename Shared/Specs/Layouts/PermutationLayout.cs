using System.Text.Json.Serialization;

namespace HpcFit.Shared.Specs.Layouts;

/// <summary>What the merge needs of permutation tests: declared by the engine in the probe.</summary>
/// <param name="Hypotheses">The hypotheses, in their order in the extremes of a block.</param>
/// <param name="Lists">The lists of shuffles: one, or two where some hypotheses test the intercept.</param>
public sealed record PermutationLayout(IReadOnlyList<PermutedHypothesis> Hypotheses, IReadOnlyList<ShuffleSummary> Lists);

/// <summary>A hypothesis that is tested by shuffles.</summary>
/// <param name="Name">The first part of the names of its result columns: <c>slope</c>, or <c>site.F</c> of an F test.</param>
/// <param name="StatisticColumn">The partial column of its unpermuted statistic.</param>
/// <param name="IsSigned">Whether the statistic has a sign.</param>
/// <param name="Df1">The degrees of freedom of the numerator; 1 for t.</param>
/// <param name="Df2">Those of the residuals, on all subjects.</param>
/// <param name="List">The index of its list of shuffles.</param>
public sealed record PermutedHypothesis(string Name, int StatisticColumn, bool IsSigned, double Df1, double Df2, int List)
{
    /// <summary>Whether the statistic is a standard normal score, because its degrees of freedom differ between elements.</summary>
    public bool IsScore { get; init; }

    /// <summary>
    /// The side that was requested, <see cref="PermutationSpec.Greater"/> or <see cref="PermutationSpec.Less"/>; null: both, or the
    /// statistic has no sign.
    /// </summary>
    public string? Alternative { get; init; }

    /// <summary>
    /// How many shuffles of the list, the identity included, give the unpermuted statistic whatever the data are, or its negative where
    /// both sides are tested. Null: not counted, because the list is long, or by a program that did not count them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Unchanged { get; init; }

    /// <summary>The side that is tested: of a statistic without a sign the upper one.</summary>
    [JsonIgnore]
    public TestedSide Side => IsSigned ? SideWords.Parse(Alternative) : TestedSide.Upper;

    /// <summary>
    /// The partial column of its p-value of an element alone, if a stage over shuffles counts for it: the fits leave it empty, like the
    /// counts, which are the last block of the layout, and have no extremes. 0: the fits have all of these.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CountedColumn { get; init; }

    /// <summary>A number that is larger, the more extreme a statistic is on the tested side; NaN for NaN.</summary>
    public double Extremeness(double statistic) =>
        Side switch
        {
            TestedSide.Upper => statistic,
            TestedSide.Lower => -statistic,
            _ => Math.Abs(statistic),
        };
}

/// <summary>A list of shuffles.</summary>
/// <param name="Errors">What they are: <see cref="PermutationSpec.Exchangeable"/>, <see cref="PermutationSpec.Symmetric"/> or
/// <see cref="PermutationSpec.Both"/>.</param>
/// <param name="Count">How many, the identity included.</param>
/// <param name="IsExhaustive">Whether they are all that are possible.</param>
/// <param name="LogPossible">The natural logarithm of the number of possible ones; NaN where they come from a file.</param>
public sealed record ShuffleSummary(string Errors, long Count, bool IsExhaustive, double LogPossible);
