using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Gam.Mixed;

/// <summary>The subject of a column of a gamm.</summary>
internal enum MixedGamSubject
{
    /// <summary>What a gam has: a smooth, a parametric coefficient, the model, a contrast or F test.</summary>
    Gam,

    /// <summary>Cohen's d of a parametric coefficient or contrast.</summary>
    Effect,

    /// <summary>A standard deviation or correlation of random effects, or the number of their groups.</summary>
    Random,

    /// <summary>The standard deviation of residuals.</summary>
    Residual,

    /// <summary>A statistic of the model that a gam does not have.</summary>
    Model,
}

/// <summary>A partial column of a gamm.</summary>
/// <param name="Subject">The subject of the statistic.</param>
/// <param name="Statistic">Its name.</param>
/// <param name="Gam">The same for the gam engine; of an effect, the coefficient or contrast.</param>
/// <param name="Index">The index of the random term; 0 otherwise.</param>
/// <param name="First">An effect of the term.</param>
/// <param name="Second">The same, or of a correlation another one.</param>
internal readonly record struct MixedGamColumn(
    MixedGamSubject Subject,
    string Statistic,
    GamColumn Gam,
    int Index = 0,
    int First = 0,
    int Second = 0
) : IDeclaredColumn<MixedGamColumn>
{
    /// <inheritdoc/>
    public bool NegativeLog10 => Gam.NegativeLog10;

    /// <inheritdoc/>
    public bool IsPValue => Subject == MixedGamSubject.Gam && Gam.IsPValue;

    /// <inheritdoc/>
    public MixedGamColumn ToNegativeLog10() => this with { Gam = Gam.ToNegativeLog10() };

    /// <summary>A column of the gam engine.</summary>
    public static MixedGamColumn From(GamColumn column) => new(MixedGamSubject.Gam, column.Statistic, column);
}
