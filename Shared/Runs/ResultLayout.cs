namespace HpcFit.Shared.Runs;

/// <summary>The ways p-values are corrected over all elements of a run, by R's names.</summary>
public enum CorrectionMethod
{
    /// <summary>Benjamini and Hochberg 1995; written <c>BH</c> or <c>fdr</c>, which differ in the column's name only.</summary>
    BenjaminiHochberg,

    /// <summary>Benjamini and Yekutieli 2001 (<c>BY</c>).</summary>
    BenjaminiYekutieli,

    /// <summary>Bonferroni.</summary>
    Bonferroni,

    /// <summary>Holm 1979.</summary>
    Holm,

    /// <summary>Hochberg 1988.</summary>
    Hochberg,

    /// <summary>Hommel 1988.</summary>
    Hommel,
}

/// <summary>What fills one column of the results matrix.</summary>
public enum ResultSource
{
    /// <summary>The 0-based element id.</summary>
    ElementId,

    /// <summary>A column that workers compute and partials carry.</summary>
    Partial,

    /// <summary>A correction of a partial's column over all elements of the run, computed at the merge.</summary>
    Correction,
}

/// <summary>One column of the results matrix.</summary>
/// <param name="Name">Its name in the file, as ModelArray makes it (<c>Age.p.value.fdr</c>).</param>
/// <param name="Source">What fills it.</param>
/// <param name="PartialColumn">Index into <see cref="ResultLayout.PartialColumns"/>; -1 for the element id.</param>
/// <param name="Method">The correction, for <see cref="ResultSource.Correction"/>.</param>
public sealed record ResultColumn(string Name, ResultSource Source, int PartialColumn = -1, CorrectionMethod? Method = null);

/// <summary>
/// The columns of a run: those the workers compute, in the order partials carry them, and those of the final matrix in their order.
/// A model engine declares it once, at the probe; partials, merge and write only follow it.
/// </summary>
/// <param name="PartialColumns">Names of the columns that workers compute.</param>
/// <param name="Columns">The final matrix, first column <c>element_id</c>.</param>
public sealed record ResultLayout(IReadOnlyList<string> PartialColumns, IReadOnlyList<ResultColumn> Columns);
