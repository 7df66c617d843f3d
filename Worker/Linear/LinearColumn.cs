using HpcFit.Worker.Models;

namespace HpcFit.Worker.Linear;

/// <summary>The subject of a column of lm.</summary>
internal enum LinearSubject
{
    /// <summary>A coefficient: a column of the model matrix.</summary>
    Coefficient,

    /// <summary>The model.</summary>
    Model,

    /// <summary>A contrast or an F test.</summary>
    Hypothesis,
}

/// <summary>A partial column of lm.</summary>
/// <param name="Subject">The subject of the statistic.</param>
/// <param name="Index">The index of the coefficient or hypothesis; 0 for the model.</param>
/// <param name="Statistic">R's name of the statistic (<c>p.value</c>; of F tests <c>F.p.value</c>).</param>
/// <param name="NegativeLog10">Whether it is -log10 of the statistic.</param>
internal readonly record struct LinearColumn(LinearSubject Subject, int Index, string Statistic, bool NegativeLog10 = false)
    : IDeclaredColumn<LinearColumn>
{
    /// <inheritdoc/>
    public bool IsPValue => Statistic is "p.value" or "F.p.value" && !NegativeLog10;

    /// <inheritdoc/>
    public LinearColumn ToNegativeLog10() => this with { NegativeLog10 = true };
}
