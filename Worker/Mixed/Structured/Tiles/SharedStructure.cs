using HpcFit.Worker.Kernels;
using HpcFit.Worker.Mixed.Structured.Tables;
using HpcFit.Worker.Mixed.Terms;

namespace HpcFit.Worker.Mixed.Structured.Tiles;

/// <summary>
/// The design of every element where no subject is missing, for tiles of elements: E = [Z, Q] without the random effects that are
/// eliminated. These are those of the absorbed factor and, if it has an intercept alone, those of the random intercepts of factors in
/// which it is nested. Immutable and shared by threads.
/// </summary>
internal sealed class SharedStructure : ITileRows
{
    /// <summary>Larger designs have more than one element's worth of work that is independent of the response.</summary>
    private const int MostColumns = 48;

    private const int MostParameters = 6;
    private const long MostValues = 8 << 20;

    private SharedStructure(RandomStructure structure, StructuredDesign tables, IReadOnlyList<int> chain)
    {
        (Structure, Tables, Chain) = (structure, tables, chain);
        Rows = tables.Subject[..tables.Rows];
        RootWeights = tables.Design!.Weights is null ? null : tables.Root[..tables.Rows];
        Offset = tables.Design.Offset is null ? null : tables.Offset[..tables.Rows];
        Jets = new(structure.Parameters.Count);
        Columns = KeptColumns();
        Within = new double[Entries(Size)];
        for (var i = 0; i < Size; i++)
        for (var j = 0; j <= i; j++)
            Within[Entry(i, j)] = tables.Within[(Columns[i] * tables.Size) + Columns[j]];
        Coordinates = new double[tables.Groups.Count * structure.AbsorbedEffects * Size];
        for (var row = 0; row < tables.Groups.Count * structure.AbsorbedEffects; row++)
        for (var c = 0; c < Size; c++)
            Coordinates[(row * Size) + c] = tables.Coordinates[(row * tables.Size) + Columns[c]];
        DenseTerms = [.. PlaceDenseTerms()];
        Absorbed = structure.AbsorbedEffects == 1 ? new NestedGroups(this) : new CorrelatedGroups(this);
    }

    /// <summary>The tables of a design, null if it is too large for them: such elements are fitted one by one.</summary>
    public static SharedStructure? Create(RandomStructure structure, StructuredDesign tables)
    {
        var chain = NestedTerms(structure, tables);
        long size =
            tables.Size - structure.Terms.Where((term, t) => !term.IsAbsorbed && chain.Contains(t)).Sum(term => Levels(structure, term));
        var products = tables.Groups.Classes * tables.Groups.Pairs * size * (size + 1) / 2;
        return size <= MostColumns && products <= MostValues && structure.Parameters.Count <= MostParameters
            ? new(structure, tables, chain)
            : null;
    }

    /// <summary>The random terms.</summary>
    public RandomStructure Structure { get; }

    /// <summary>The rows.</summary>
    public StructuredDesign Tables { get; }

    /// <summary>The terms of the absorbed factor and of those in which it is nested, if all are random intercepts, finest first.</summary>
    public IReadOnlyList<int> Chain { get; }

    /// <inheritdoc/>
    public int[] Rows { get; }

    /// <inheritdoc/>
    public double[]? RootWeights { get; }

    /// <inheritdoc/>
    public double[]? Offset { get; }

    /// <inheritdoc/>
    public double[]? LogWeights => null;

    /// <summary>Places of derivatives in the parameters.</summary>
    public JetLayout Jets { get; }

    /// <summary>The columns of the tables' E that are kept: random effects, then Q.</summary>
    public int[] Columns { get; }

    /// <summary>The number of columns of E.</summary>
    public int Size => Columns.Length;

    /// <summary>The number of random effects in E.</summary>
    public int Dense => Size - Tables.Rank;

    /// <summary>E'(I - O O')E, the lower triangle by rows.</summary>
    public double[] Within { get; }

    /// <summary>U = O'E, per group absorbed effects × <see cref="Size"/>.</summary>
    public double[] Coordinates { get; }

    /// <summary>The terms in E.</summary>
    public DenseTerm[] DenseTerms { get; }

    /// <summary>The eliminated random effects.</summary>
    public AbsorbedTables Absorbed { get; }

    /// <summary>The place of an entry on or below the diagonal.</summary>
    public static int Entry(int row, int column) => (row * (row + 1) / 2) + column;

    /// <summary>The number of entries of a triangle.</summary>
    public static int Entries(int size) => size * (size + 1) / 2;

    private static List<int> NestedTerms(RandomStructure structure, StructuredDesign tables)
    {
        if (structure.AbsorbedEffects != 1)
            return [];
        List<int> chain = [Enumerable.Range(0, structure.Terms.Count).Single(t => structure.Terms[t].IsAbsorbed)];
        if (!IsIntercept(structure.Terms[chain[0]]))
            return chain;
        var others = Enumerable
            .Range(0, structure.Terms.Count)
            .Where(t => !structure.Terms[t].IsAbsorbed && IsIntercept(structure.Terms[t]))
            .OrderByDescending(t => tables.FactorLevels[structure.Terms[t].Factor]);
        foreach (var t in others)
            if (IsNested(structure.Factors[structure.Terms[chain[^1]].Factor], structure.Factors[structure.Terms[t].Factor], tables))
                chain.Add(t);
        return chain;
    }

    private static bool IsIntercept(StructuredTerm term) => term.Term is { HasIntercept: true, Slopes.Count: 0 };

    private static int Levels(RandomStructure structure, StructuredTerm term) => structure.Factors[term.Factor].Levels;

    /// <summary>Whether all rows of a group of the first factor are in one group of the second.</summary>
    private static bool IsNested(GroupingFactor inner, GroupingFactor outer, StructuredDesign tables)
    {
        var outerOf = new int[inner.Levels];
        Array.Fill(outerOf, -1);
        foreach (var subject in tables.Subject.AsSpan(0, tables.Rows))
        {
            ref var known = ref outerOf[inner.Codes[subject]];
            if (known >= 0 && known != outer.Codes[subject])
                return false;
            known = outer.Codes[subject];
        }
        return true;
    }

    private int[] KeptColumns() =>
        [
            .. Structure
                .Terms.Where((term, t) => !term.IsAbsorbed && !Chain.Contains(t))
                .SelectMany(term => Enumerable.Range(term.Start, term.Effects * Levels(Structure, term))),
            .. Enumerable.Range(Structure.DenseColumns, Tables.Rank),
        ];

    private IEnumerable<DenseTerm> PlaceDenseTerms()
    {
        var start = 0;
        for (var t = 0; t < Structure.Terms.Count; t++)
        {
            var term = Structure.Terms[t];
            if (term.IsAbsorbed || Chain.Contains(t))
                continue;
            var columns = term.Effects * Levels(Structure, term);
            yield return new(t, start, start + columns, term.Effects, term.FirstParameter, start - term.Start);
            start += columns;
        }
    }
}
