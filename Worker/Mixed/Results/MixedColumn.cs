using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Results;

/// <summary>The subject of a column of a mixed model.</summary>
internal enum MixedSubject
{
    /// <summary>A fixed effect: a column of the model matrix; after them the contrasts.</summary>
    Coefficient,

    /// <summary>A standard deviation of random effects or residuals, or the number of groups.</summary>
    Random,

    /// <summary>The model.</summary>
    Model,

    /// <summary>An F test.</summary>
    Test,
}

/// <summary>A partial column of a mixed model.</summary>
/// <param name="Subject">The subject of the statistic.</param>
/// <param name="Index">The index of the coefficient, statistic of random effects or grouping factor; 0 otherwise.</param>
/// <param name="Statistic">The name of the statistic in package broom.mixed.</param>
/// <param name="NegativeLog10">Whether it is -log10 of the statistic.</param>
internal readonly record struct MixedColumn(MixedSubject Subject, int Index, string Statistic, bool NegativeLog10 = false)
    : IDeclaredColumn<MixedColumn>
{
    /// <inheritdoc/>
    public bool IsPValue => (Statistic is "p.value" or "F.p.value" or MixedColumns.LikelihoodRatioP) && !NegativeLog10;

    /// <inheritdoc/>
    public MixedColumn ToNegativeLog10() => this with { NegativeLog10 = true };
}
