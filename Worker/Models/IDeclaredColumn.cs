namespace HpcFit.Worker.Models;

/// <summary>What <see cref="DeclaredColumns{TColumn}"/> asks of an engine's description of one column.</summary>
/// <typeparam name="TColumn">The description.</typeparam>
internal interface IDeclaredColumn<TColumn>
    where TColumn : IDeclaredColumn<TColumn>
{
    /// <summary>The name of the statistic, such as <c>p.value</c>.</summary>
    string Statistic { get; }

    /// <summary>Whether it is -log10 of the statistic.</summary>
    bool NegativeLog10 { get; }

    /// <summary>Whether it is a p-value, uncorrected, and not its logarithm.</summary>
    bool IsPValue { get; }

    /// <summary>The column of -log10 of the same statistic.</summary>
    TColumn ToNegativeLog10();
}
