using HpcFit.Worker.Models;

namespace HpcFit.Worker.Generalized;

/// <summary>The subject of a column of a generalised linear model.</summary>
internal enum GeneralizedSubject
{
    /// <summary>A coefficient.</summary>
    Coefficient,

    /// <summary>The model.</summary>
    Model,

    /// <summary>A contrast or a test of terms.</summary>
    Hypothesis,
}

/// <summary>A partial column of a generalised linear model.</summary>
/// <param name="Subject">The subject of the statistic.</param>
/// <param name="Index">The index of the coefficient or hypothesis; 0 otherwise.</param>
/// <param name="Statistic">The name of the statistic in package broom.</param>
/// <param name="NegativeLog10">Whether it is -log10 of the statistic.</param>
internal readonly record struct GeneralizedColumn(GeneralizedSubject Subject, int Index, string Statistic, bool NegativeLog10 = false)
    : IDeclaredColumn<GeneralizedColumn>
{
    /// <inheritdoc/>
    public bool IsPValue => Statistic is "p.value" or "F.p.value" or "Chisq.p.value" && !NegativeLog10;

    /// <inheritdoc/>
    public GeneralizedColumn ToNegativeLog10() => this with { NegativeLog10 = true };
}
