using System.Text.Json.Serialization;

namespace HpcFit.Shared.Specs.Layouts;

/// <summary>The ways p-values are corrected over all elements of a run, by R's names.</summary>
public enum CorrectionMethod
{
    /// <summary>Benjamini and Hochberg 1995; written <c>BH</c> or <c>fdr</c>, which differ in the column's name only.</summary>
    BenjaminiHochberg,

    /// <summary>Benjamini and Yekutieli 2001 (<c>BY</c>).</summary>
    BenjaminiYekutieli,

    /// <summary>Bonferroni (<c>bonferroni</c>): p-values times their number, at most 1.</summary>
    Bonferroni,

    /// <summary>Holm 1979.</summary>
    Holm,

    /// <summary>Hochberg 1988.</summary>
    Hochberg,

    /// <summary>Hommel 1988.</summary>
    Hommel,
}

/// <summary>The source of one column of the results matrix.</summary>
public enum ResultSource
{
    /// <summary>The 0-based element id.</summary>
    ElementId,

    /// <summary>A column that workers compute and partials carry.</summary>
    Partial,

    /// <summary>A correction of a partial's column over all elements of the run, computed by the merge.</summary>
    Correction,

    /// <summary>The enhanced statistic of a hypothesis, from the enhanced stage; the partial column is the hypothesis.</summary>
    Enhanced,

    /// <summary>Its p-value of the element alone.</summary>
    EnhancedP,

    /// <summary>Its p-value corrected for all elements, by the distribution of the maximum.</summary>
    EnhancedFamilyWiseP,

    /// <summary>
    /// The p-value of a hypothesis corrected for all elements by the distribution of the largest statistic; the partial column is the
    /// hypothesis.
    /// </summary>
    FamilyWiseP,

    /// <summary>The same over the elements and all hypotheses.</summary>
    FamilyWisePOverHypotheses,

    /// <summary><see cref="FamilyWiseP"/>, small ones by a distribution that is fitted to the tail.</summary>
    FamilyWiseTailP,

    /// <summary><see cref="EnhancedFamilyWiseP"/>, small ones by a distribution that is fitted to the tail.</summary>
    EnhancedFamilyWiseTailP,
}

/// <summary>One column of the results matrix.</summary>
/// <param name="Name">Its name in the file, as ModelArray makes it (<c>Age.p.value.fdr</c>).</param>
/// <param name="Source">Where its values come from.</param>
/// <param name="PartialColumn">Index into <see cref="ResultLayout.PartialColumns"/>; -1 for the element id.</param>
/// <param name="Method">The correction, for <see cref="ResultSource.Correction"/>.</param>
public sealed record ResultColumn(string Name, ResultSource Source, int PartialColumn = -1, CorrectionMethod? Method = null)
{
    /// <summary>Whether the merge stores -log10 of what it computes; workers compute that of their own p-values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool NegativeLog10 { get; init; }
}

/// <summary>
/// The columns of a run and where each goes: those the workers compute, in the order partials carry them, and those of the final matrix in
/// their order. A model engine declares it once, in the probe; partials, merge and write follow it.
/// </summary>
/// <remarks>A partial carries <see cref="PartialColumns"/> first, then the columns of each of <see cref="Blocks"/> in turn.</remarks>
/// <param name="PartialColumns">Names of the columns that workers compute for the results matrix.</param>
/// <param name="Columns">The final matrix, first column <c>element_id</c>.</param>
public sealed record ResultLayout(IReadOnlyList<string> PartialColumns, IReadOnlyList<ResultColumn> Columns)
{
    /// <summary>Columns that go elsewhere; none for most runs.</summary>
    public IReadOnlyList<ColumnBlock> Blocks
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Datasets that no worker computes; none for most runs.</summary>
    public IReadOnlyList<FixedDataset> Fixed
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>How many columns a partial carries: <see cref="PartialColumns"/> and all of <see cref="Blocks"/>.</summary>
    [JsonIgnore]
    public int PartialWidth => PartialColumns.Count + Blocks.Sum(block => block.Columns);

    /// <summary>Bytes that a block of a partial carries besides its columns: what is not one value per unit, such as counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int BytesPerBlock { get; init; }

    /// <summary>What is known of permutation tests; null: there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PermutationLayout? Permutation { get; init; }

    /// <summary>The partial column at which a block begins.</summary>
    public int FirstColumnOf(int block) => PartialColumns.Count + Blocks.Take(block).Sum(earlier => earlier.Columns);
}
